public import TensorCore

/// One training of a sweep, read from its description: everything that decides what comes out.
public struct RunSettings: Equatable, Sendable {
  /// A recipe's name or an ONNX file.
  public var model = ""
  /// A folder of IDX files, or `synthetic`.
  public var data = "synthetic"
  /// The most images trained on; nil for all.
  public var images: Int?
  /// Images held out; nil for what is usual.
  public var holdout: Int?
  /// Which images are held out, and which digits are drawn.
  public var splitSeed: UInt64 = 1
  /// What is taken from pixels; nil for what is measured.
  public var normalize: String?
  /// How often each image is seen; nil for the recipe's.
  public var epochs: Int?
  /// Images of a batch; nil for the recipe's.
  public var batch: Int?
  /// Pixels by which images are moved.
  public var shift = 0
  /// Where weights, order and masks start.
  public var seed: UInt64 = 7
  /// Masks that are averaged at the end; 0 for none.
  public var masks = 0
  /// Whether what hidden units do at the end is measured too.
  public var measuresLayers = false
  /// What it does otherwise than the recipe.
  public var changes = TrainingChanges()

  /// Keys beside those of `TrainingChanges`, with the whole numbers that are allowed.
  private static let ranges: [String: ClosedRange<Double>] = [
    "images": 1...100_000_000, "holdout": 0...100_000_000, "epochs": 1...1_000_000,
    "batch": 1...1_000_000, "shift": 0...65_535, "masks": 0...10_000, "seed": 0...0x1p53,
    "split-seed": 0...0x1p53,
  ]
  private static let texts = ["recipe", "model", "data", "normalize", "measure", "name"]

  /// Whether a key takes whole numbers only.
  public static func isWhole(_ key: String) -> Bool {
    ranges[key] != nil || key.hasPrefix("width ")
  }

  /// Every key that stands alone, for messages.
  public static var keys: [String] {
    (texts + ranges.keys.sorted()) + TrainingChanges.words
      + TrainingChanges.siteWords.map { "\($0) SITE" }
  }

  /// Reads a description.
  /// - Throws: `TensorError` for a key that is none, a value that makes no sense, and where there is no
  ///   recipe or model.
  public init(_ parameters: [String: RunValue]) throws(TensorError) {
    for (key, value) in parameters.sorted(by: { $0.key < $1.key }) { try set(key, value) }
    guard !model.isEmpty else {
      throw TensorError("run", expected: "a recipe or a model", found: "none")
    }
  }

  private mutating func set(_ key: String, _ value: RunValue) throws(TensorError) {
    if let range = RunSettings.ranges[key] {
      guard let number = value.number, number == number.rounded(), range.contains(number) else {
        throw TensorError(
          key, expected: "\(Int(range.lowerBound)) to \(Int(range.upperBound))", found: "\(value)")
      }
      setWhole(key, number)
      return
    }
    guard RunSettings.texts.contains(key) else {
      guard TrainingChanges.takes(key) else {
        throw TensorError(
          "run", expected: "one of \(RunSettings.keys.joined(separator: ", "))", found: key)
      }
      return try changes.set(key, to: value.description)
    }
    guard case .text(let text) = value, !text.isEmpty || key == "name" else {
      throw TensorError(key, expected: "a text in quotes", found: "\(value)")
    }
    switch key {
    case "recipe", "model":
      guard model.isEmpty else {
        throw TensorError("run", expected: "a recipe or a model", found: "both")
      }
      model = text
    case "data": data = text
    case "normalize": normalize = text
    case "measure":
      guard text == "layers" else { throw TensorError(key, expected: "layers", found: text) }
      measuresLayers = true
    default: break  // a name says what a run is, and changes nothing
    }
  }

  private mutating func setWhole(_ key: String, _ number: Double) {
    switch key {
    case "images": images = Int(number)
    case "holdout": holdout = Int(number)
    case "epochs": epochs = Int(number)
    case "batch": batch = Int(number)
    case "shift": shift = Int(number)
    case "masks": masks = Int(number)
    case "seed": seed = UInt64(number)
    default: splitSeed = UInt64(number)
    }
  }
}
