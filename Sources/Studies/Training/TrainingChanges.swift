public import Masks
import NeuralNet
public import TensorCore

/// What one training does otherwise than the network's recipe or model says: as data, so that a variant
/// of a race and a run of a sweep can be kept and sent elsewhere. What is not stated stays.
public struct TrainingChanges: Codable, Equatable, Sendable {
  /// Whether the network's own dropout acts where nothing else is said of it.
  public var ownDropout = true
  /// The rate of all the network's own dropout; nil for its own.
  public var ownRate: Rate?
  /// Dropout at sites, each as the user calls it.
  public var sites: [SiteChange] = []
  /// The epochs in which dropout acts; nil for all.
  public var dropoutEpochs: EpochWindow?
  /// A bound on the weights of units, 0 for none; nil for the recipe's.
  public var maxNorm: Double?
  /// The factor of the weights in their gradient; nil for the optimiser's.
  public var l2: Double?
  /// The optimiser as text; nil for the recipe's.
  public var optimizer: String?
  /// Its step size; nil for its own.
  public var learningRate: Double?
  /// The hidden nonlinearity, by the word for it; nil for the recipe's.
  public var activation: String?
  /// Units by layer, each a number or `n/p`.
  public var widths: [String: Width] = [:]
  /// By which statistics batch normalisation normalises in training; nil for the stored ones.
  public var batchNorm: String?

  /// No change.
  public init() {}

  /// Dropout at one site: what is not given is as it is there.
  public struct SiteChange: Codable, Equatable, Sendable {
    /// A Dropout node, or any node or input.
    public var site: String
    /// The kind; nil for elements.
    public var kind: String?
    /// The rate; nil for that of the Dropout node.
    public var rate: Rate?
    /// What makes up for the dropped.
    public var scaling = Scaling.inverted
    /// What kinds need beside the rate.
    public var kinds = KindSettings()

    init(site: String) { self.site = site }

    /// A dropout on an edge, by what the user calls the edge.
    public init(_ placed: PlacedDropout, called site: String) {
      (self.site, kind, rate) = (site, placed.kind, placed.rate)
      (scaling, kinds) = (placed.scaling, placed.kinds)
    }
  }

  /// How wide a layer is.
  public enum Width: Codable, Equatable, Sendable {
    /// So many units or channels.
    case units(Int)
    /// As many as the recipe has, divided by the keep probability of the dropout behind the layer, so that
    /// as many are kept: Srivastava et al. 2014, §7.3 (n held fixed or p·n).
    case overKeep
  }

  /// The dropout at a site, which is made where there is none.
  private subscript(site: String) -> SiteChange {
    get { sites.first { $0.site == site } ?? SiteChange(site: site) }
    set {
      if let place = sites.firstIndex(where: { $0.site == site }) {
        sites[place] = newValue
      } else {
        sites.append(newValue)
      }
    }
  }
}

extension TrainingChanges {
  /// The words that stand alone, for messages.
  public static let words = [
    "dropout", "rate", "dropout-epochs", "max-norm", "l2", "optimizer", "learning-rate",
    "activation",
    "batch-norm",
  ]
  /// The words before a site or a layer.
  public static let siteWords = ["rate", "kind", "width"]

  /// Whether `set` takes a key.
  public static func takes(_ key: String) -> Bool {
    words.contains(key)
      || siteWords.contains { key.hasPrefix("\($0) ") && key.count > $0.count + 1 }
  }

  /// Takes a change as text: `rate dropout1` .3, `kind relu1` spatial, `width dense1` n/p, `max-norm` 3.
  /// - Throws: `TensorError` where there is no such key, or the value makes no sense.
  public mutating func set(_ key: String, to text: String) throws(TensorError) {
    if let (word, site) = TrainingChanges.parts(of: key) {
      switch word {
      case "rate": self[site].rate = try Rate(parsing: text)
      case "kind": try setKind(site, text)
      default: widths[site] = try TrainingChanges.width(text, of: key)
      }
      return
    }
    switch key {
    case "dropout":
      guard ["own", "none"].contains(text) else {
        throw TensorError(key, expected: "own or none", found: text)
      }
      ownDropout = text == "own"
    case "rate": ownRate = try Rate(parsing: text)
    case "dropout-epochs": dropoutEpochs = try EpochWindow(parsing: text)
    case "max-norm": maxNorm = text == "none" ? 0 : try TrainingChanges.number(text, key)
    case "l2": l2 = try TrainingChanges.number(text, key)
    case "learning-rate": learningRate = try TrainingChanges.number(text, key)
    case "optimizer":
      _ = try OptimizerRegistry.make(text)
      optimizer = text
    case "activation":
      guard LayerChanges.activations[text] != nil else {
        throw TensorError(
          key, expected: LayerChanges.activations.keys.sorted().joined(separator: ", "), found: text
        )
      }
      activation = text
    case "batch-norm":
      _ = try BatchStatistics.named(text, as: key)
      batchNorm = text
    default:
      let names = TrainingChanges.words + TrainingChanges.siteWords.map { "\($0) SITE" }
      throw TensorError("setting", expected: names.joined(separator: ", "), found: key)
    }
  }

  /// `rate dropout1` as its two words; nil where there is one.
  private static func parts(of key: String) -> (word: String, site: String)? {
    guard let blank = key.firstIndex(of: " ") else { return nil }
    let (word, site) = (String(key[..<blank]), String(key[key.index(after: blank)...]))
    return siteWords.contains(word) && !site.isEmpty ? (word, site) : nil
  }

  /// `block,block=3x3`
  private mutating func setKind(_ site: String, _ text: String) throws(TensorError) {
    // Read as --add-dropout is, with a rate that is not taken.
    var words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    words.insert("0", at: 1)
    let placed: PlacedDropout
    do {
      placed = try PlacedDropout(
        parsing: "\(site)=\(words.joined(separator: ","))", as: "kind \(site)"
      ) { $0 }
    } catch {
      throw error as? TensorError
        ?? TensorError("kind \(site)", expected: "a kind of dropout", found: text)
    }
    self[site].kind = placed.kind
    (self[site].scaling, self[site].kinds) = (placed.scaling, placed.kinds)
  }

  private static func width(_ text: String, of key: String) throws(TensorError) -> Width {
    if text == "n/p" { return .overKeep }
    guard let units = Int(text), (1...LayerChanges.mostUnits).contains(units) else {
      throw TensorError(key, expected: "1 to \(LayerChanges.mostUnits) or n/p", found: text)
    }
    return .units(units)
  }

  /// A finite number of 0 or more.
  private static func number(_ text: String, _ key: String) throws(TensorError) -> Double {
    guard let number = Double(text), number.isFinite, number >= 0 else {
      throw TensorError(key, expected: "a number of 0 or more", found: text)
    }
    return number
  }
}

extension TrainingChanges {
  /// Reads the text of a variant: parts with semicolons between them, each `SITE=KIND,RATE`, `none`,
  /// `own`, or a setting as `max-norm=3` or `width dense1=n/p`. Where a site is named, only what is named
  /// acts, unless `own` says otherwise; where nothing is, nothing does.
  /// - Throws: `TensorError` where a part makes no sense.
  public init(parsing text: String) throws(TensorError) {
    self.init()
    var (named, own) = (false, text.allSatisfy { $0 == " " || $0 == ";" } ? false : nil as Bool?)
    for part in text.split(separator: ";") {
      let part = String(part).trimmed
      if part.isEmpty { continue }
      if part == "none" || part == "own" {
        own = part == "own"
        continue
      }
      if let equal = part.firstIndex(of: "=") {
        let key = String(part[..<equal])
        if TrainingChanges.takes(key) {
          try set(key, to: String(part[part.index(after: equal)...]))
          continue
        }
      }
      let placed: PlacedDropout
      do {
        placed = try PlacedDropout(parsing: part, as: "variant") { $0 }
      } catch {
        throw error as? TensorError
          ?? TensorError("variant", expected: "SITE=KIND,RATE", found: part)
      }
      guard !sites.contains(where: { $0.site == placed.site }) else {
        throw TensorError("variant", expected: "each site once", found: placed.site)
      }
      sites.append(
        SiteChange(placed, called: placed.site))
      named = true
    }
    ownDropout = own ?? !named
  }
}

extension TrainingChanges {
  /// What is stated beside dropout, as `KEY=VALUE`.
  public var settings: [String] {
    var found: [String] = []
    if let dropoutEpochs { found.append("dropout-epochs=\(dropoutEpochs)") }
    if let maxNorm { found.append("max-norm=\(maxNorm > 0 ? "\(maxNorm)" : "none")") }
    if let l2 { found.append("l2=\(l2)") }
    if let optimizer { found.append("optimizer=\(optimizer)") }
    if let learningRate { found.append("learning-rate=\(learningRate)") }
    if let activation { found.append("activation=\(activation)") }
    for (layer, width) in widths.sorted(by: { $0.key < $1.key }) {
      switch width {
      case .units(let units): found.append("width \(layer)=\(units)")
      case .overKeep: found.append("width \(layer)=n/p")
      }
    }
    if let batchNorm { found.append("batch-norm=\(batchNorm)") }
    return found
  }
}

extension String {
  /// The text without blanks at its ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
