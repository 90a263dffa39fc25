public import NeuralNet
import TensorCore

/// What a network says of each place of a text: a token, and of the last place the probabilities of all.
public struct WrittenText: Equatable, Sendable {
  /// The likeliest token of each place.
  public let tokens: [Int]
  /// What may stand at the last place: behind all that was read, for a language model.
  public let last: Classification
}

extension Network {
  /// What a run writes: the first sample of logits `[N,T,K]`; nil where the output is another kind.
  public func writtenText(_ run: Activations) -> WrittenText? {
    guard let value = logits, let tensor = run.tensor(value), tensor.shape.rank == 3,
      tensor.shape[0] > 0, tensor.shape[1] > 0, tensor.shape[2] > 1
    else { return nil }
    let (times, classes) = (tensor.shape[1], tensor.shape[2])
    let start = (times - 1) * classes
    return WrittenText(
      tokens: Array(tensor.largestInRows().prefix(times)),
      last: Classification(
        logits: tensor.elements[start..<start + classes].map(Double.init)))
  }
}

/// What many masked runs write, added up.
public struct TextSums: Equatable, Sendable {
  /// What the network writes without dropout.
  public let clean: WrittenText
  /// How many runs.
  public private(set) var count = 0
  /// How many runs wrote all as it is without dropout.
  public private(set) var same = 0
  /// How many runs wrote the same at each place.
  public private(set) var sameAt: [Int]
  /// What may stand at the last place.
  public private(set) var last: ClassSums

  /// Sums of no runs.
  public init(clean: WrittenText) {
    self.clean = clean
    sameAt = clean.tokens.map { _ in 0 }
    last = ClassSums(classes: clean.last.logits.count)
  }

  /// Adds one run.
  public mutating func add(_ run: WrittenText) {
    guard run.tokens.count == sameAt.count else { return }
    count += 1
    same += run.tokens == clean.tokens ? 1 : 0
    for (place, (own, token)) in zip(run.tokens, clean.tokens).enumerated() where own == token {
      sameAt[place] += 1
    }
    last.add(run.last)
  }

  /// Adds what other sums hold.
  public mutating func add(_ other: TextSums) {
    guard other.sameAt.count == sameAt.count else { return }
    count += other.count
    same += other.same
    for place in sameAt.indices { sameAt[place] += other.sameAt[place] }
    last.add(other.last)
  }
}
