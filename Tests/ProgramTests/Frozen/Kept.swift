import Formats
import Masks
import NeuralNet
import Studies
import TensorCore

@testable import Scope
@testable import Program

/// Every call from the frozen tests into the program's own code: where an interface changes, this file
/// follows it, and nothing else that is frozen moves.
enum Kept {
  /// Words of the stream of (seed, site, sample, step).
  static func words(
    _ seed: UInt64, _ site: UInt32, _ sample: UInt32, _ step: UInt32, from start: Int = 0,
    count: Int
  ) -> [UInt32] {
    let stream = RandomStream(seed: seed, site: site, sample: sample, step: step)
    return [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
      stream.fillWords(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: start)
      filled = count
    }
  }

  static func word(
    _ seed: UInt64, _ site: UInt32, _ sample: UInt32, _ step: UInt32, at index: Int
  ) -> UInt32 {
    RandomStream(seed: seed, site: site, sample: sample, step: step).word(at: index)
  }

  static func uniforms(_ seed: UInt64, count: Int) -> [Float] {
    let stream = RandomStream(seed: seed)
    return (0..<count).map { stream.uniform(at: $0) }
  }

  static func site(_ name: String) -> UInt32 { RandomStream.site(named: name) }
}

// MARK: - Masks

/// A kind as the user asks for it.
struct KeptKind {
  var name: String
  var block = "5"
  var blockRule = "exact"
  var weightMode = "per-batch"

  /// Every kind of the registry, with all its settings.
  static var all: [KeptKind] {
    KindRegistry.names.flatMap { name in
      switch name {
      case "block":
        ["1", "2x3", "3", "5"].flatMap { block in
          BlockRule.allCases.map { KeptKind(name: name, block: block, blockRule: $0.rawValue) }
        }
      case "weight":
        WeightMode.allCases.map { KeptKind(name: name, weightMode: $0.rawValue) }
      default: [KeptKind(name: name)]
      }
    }
  }

  var text: String {
    switch name {
    case "block": "block \(block) \(blockRule)"
    case "weight": "weight \(weightMode)"
    default: name
    }
  }
}

extension Kept {
  static let scalings = Scaling.allCases.map(\.rawValue)

  /// A dropout of a kind; the user's own mask drops every third cell.
  private static func dropout(
    _ kind: KeptKind, _ rate: Double, _ scaling: String, _ layout: Layout
  ) throws -> Dropout {
    let painted = NDArray(layout.shape, (0..<layout.count).map { $0 % 3 != 0 })
    var settings = KindSettings(painted: Mask(layout: layout, kept: painted))
    settings.block = try BlockSize(parsing: kind.block)
    settings.blockRule = try BlockRule(parsing: kind.blockRule)
    settings.weightMode = try WeightMode(parsing: kind.weightMode)
    return Dropout(
      try KindRegistry.make(kind.name, settings), rate: try Rate(rate),
      scaling: try Scaling.named(scaling, as: "scale"))
  }

  /// The mask on an activation, its noise behind it; nil where the kind cannot act.
  static func mask(
    _ kind: KeptKind, _ rate: Double, shape: [Int], seed: UInt64, step: UInt32
  ) throws -> [Float]? {
    let layout = try Layout.channelsFirst(Shape(shape))
    let dropout = try dropout(kind, rate, "inverted", layout)
    let stream = RandomStream(seed: seed, site: site("relu1"), sample: 3, step: step)
    guard !dropout.kind.target.isParameter,
      let mask = try? dropout.mask(layout: layout, stream: stream)
    else { return nil }
    return mask.numbers.elements + (mask.noise?.elements ?? [])
  }

  /// What becomes of an activation in training and, behind it, at evaluation; nil where the kind
  /// cannot act.
  static func dropped(
    _ x: [Float], shape: [Int], _ kind: KeptKind, _ rate: Double, scaling: String, seed: UInt64
  ) throws -> [Float]? {
    let x = Tensor(Shape(shape), x)
    let layout = try Layout.channelsFirst(x.shape)
    let dropout = try dropout(kind, rate, scaling, layout)
    let stream = RandomStream(seed: seed, site: site("relu1"), sample: 3)
    guard let (output, mask) = try? dropout.drop(x, layout: layout, stream: stream) else {
      return nil
    }
    return output.elements + dropout.apply(x, mask: mask, mode: .eval).elements
  }

  /// Weights under masks of their own, the masks behind them; nil where the kind does not act on
  /// weights.
  static func dropped(
    weights: [Float], shape: [Int], _ kind: KeptKind, _ rate: Double, seed: UInt64
  ) throws -> [Float]? {
    let dropout = try dropout(kind, rate, "inverted", Layout(n: 1, c: 1, h: 1, w: 1))
    guard dropout.kind.target.isParameter else { return nil }
    let (output, mask) = try dropout.drop(
      weights: Tensor(Shape(shape), weights), samples: 3,
      stream: RandomStream(seed: seed, site: site("conv1")))
    return output.elements + mask.numbers.elements
  }
}

// MARK: - Training

extension Kept {
  static let recipes = RecipeRegistry.all.map(\.name)

  /// A recipe's weights before training: every float32 constant by name.
  static func initialWeights(_ recipe: String, seed: UInt64) throws -> [String: Tensor] {
    try weights(RecipeRegistry.recipe(recipe)?.graph(seed: seed))
  }

  /// The weights in a file.
  static func weights(at path: String) throws -> [String: Tensor] {
    try weights(ONNXReader.graph(at: path))
  }

  private static func weights(_ graph: Graph?) throws -> [String: Tensor] {
    (graph?.constants ?? [:]).compactMapValues { if case .float32(let x) = $0 { x } else { nil } }
  }

  static func initialWeights(
    initializer: String, _ shape: [Int], seed: UInt64
  ) -> [Float] {
    Initializer(rawValue: initializer)?.weights(Shape(shape), named: "w", seed: seed).elements ?? []
  }

  static let initializers = Initializer.allCases.map(\.rawValue)

  static func order(_ count: Int, seed: UInt64, epoch: Int) -> [Int] {
    Shuffle.order(count: count, seed: seed, epoch: epoch)
  }

  static func heldOut(_ count: Int, _ heldOut: Int, seed: UInt64) -> (
    training: [Int], heldOut: [Int]
  ) {
    let split = HeldOut(count: count, heldOut: heldOut, seed: seed)
    return (split.training, split.heldOut)
  }

  /// Digits the program draws, each moved by up to `shift` pixels.
  static func digits(_ count: Int, seed: UInt64, shift: Int, epoch: Int) -> [Float] {
    let digits = SyntheticDigits(count: count, seed: seed)
    return ShiftedImages(digits, by: shift, seed: seed, epoch: epoch).images(0..<count).elements
  }

  /// The state that lies beside a network in training, made of fixed parts.
  static var trainingState: [UInt8] {
    get throws {
      var sums = EpochSums()
      (sums.loss, sums.correct, sums.samples, sums.seconds) = (12.625, 5, 12, 0.25)
      var first = EpochRecord(
        epoch: 1, step: 4, loss: 2.25, accuracy: 0.125, seconds: 1.5, imagesPerSecond: 8)
      (first.heldOutLoss, first.heldOutAccuracy) = (2.5, 0.5)
      return try TrainingState(
        settings: TrainSettings(["model": "digits", "batch": "4", "rate": "dropout1=0.3"]),
        data: ["name": "synthetic", "sha256": "00ff"],
        snapshot: TrainingSnapshot(
          weights: [
            "dense1.weight": Tensor(
              [2, 3], [0.5, -0.25, 1, -0.0, .infinity, .leastNonzeroMagnitude]),
            "dense1.bias": Tensor([2], [0.1, 0.2]),
          ],
          slots: ["velocity": ["dense1.bias": Tensor([2], [-1, 3])]], seed: 1 << 40, step: 11,
          epoch: 2, position: 8),
        records: [
          first,
          EpochRecord(epoch: 2, step: 8, loss: 1, accuracy: 0.75, seconds: 1, imagesPerSecond: 16),
        ], sums: sums
      ).bytes
    }
  }

  /// The bytes that a state which was read is written as.
  static func trainingStateReadAndWritten(_ path: String) throws -> [UInt8] {
    try TrainingState.read(path).bytes
  }
}

// MARK: - Scripts

extension Kept {
  /// What a script changes: the options of the command for the view it ends on that are not those of
  /// the view it begins on, and the names of those that are gone.
  static func change(byScript bytes: [UInt8]) throws -> String {
    let script = try Script(parsing: bytes)
    var state = try script.header.open(from: "script")
    let before = options(state.arguments())
    for moment in script.moments() where state.play(moment) { break }
    let after = options(state.arguments())
    let gone = before.filter { old in !after.contains { $0[0] == old[0] } }
    let words = after.filter { !before.contains($0) } + gone.map { ["no", $0[0]] }
    return words.isEmpty ? "nothing" : ShellWords.joined(words.flatMap { $0 })
  }

  /// The options among a command's words, each with its value, by the names that were frozen.
  private static func options(_ words: [String]) -> [[String]] {
    let former = ["--add-dropout": "--also", "--disable-dropout": "--without"]
    return words.indices.filter { words[$0].hasPrefix("--") }
      .map { [former[words[$0]] ?? words[$0]] + words[($0 + 1)...].prefix(1) }
  }

  /// What a recording of a script's actions looks like at their times.
  static func recorded(_ bytes: [UInt8], to path: String) throws {
    let script = try Script(parsing: bytes)
    var log = try SessionLog(record: path)
    log.begin(script.header)
    for moment in script.moments() { log.add(moment.actions, at: moment.milliseconds) }
  }
}

extension Kept {
  /// Every action as a script says it, with something behind the names that need it.
  static var actions: [String] {
    let named = Action.named.map(\.name)
    let former = Scope.Page.all.filter { $0.formerName != $0.name.text }.map(\.formerName)
    let formed = Action.forms.compactMap { form in
      ["3", "3 4", "3 4 drop", "rate .3"].lazy.compactMap { (try? form.read($0)) ?? nil }.first?
        .scriptText
    }
    // Former names of what is among those.
    let again = FormerNames.words.compactMap { former, current in
      (named + formed).first { $0.split(separator: " ")[0] == current }
        .map { former + $0.dropFirst(current.count) }
    }
    return named + former + formed + again
  }
}
