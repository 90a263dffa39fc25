import Glibc
public import NeuralNet
public import TensorCore

/// What a network says of one sample: a number for each class.
public struct Classification: Equatable, Sendable {
  /// The logits, one a class.
  public let logits: [Double]
  /// log softmax(logits).
  public let logProbabilities: [Double]

  /// Reads a vector of logits, `[K]`, `[1,K]` or `[1,K,1,1]`; nil where there are fewer than two
  /// numbers, several samples or maps.
  public init?(logits: Tensor) {
    let sizes = logits.shape.dims.filter { $0 != 1 }
    guard sizes.count == 1, sizes[0] == logits.count, logits.count > 1,
      logits.shape.rank < 2 || logits.shape[0] == 1
    else { return nil }
    self.init(logits: logits.elements.map(Double.init))
  }

  /// The classification of logits.
  public init(logits: [Double]) {
    self.logits = logits
    // Shifted by the largest, so that no exponential overflows.
    let top = logits.max() ?? 0
    let log = Glibc.log(logits.reduce(0) { $0 + exp($1 - top) }) + top
    logProbabilities = logits.map { $0 - log }
  }

  /// softmax(logits).
  public var probabilities: [Double] { logProbabilities.map { exp($0) } }

  /// The class with the largest logit, the first of equals.
  public var label: Int { logits.indices.max { logits[$0] < logits[$1] } ?? 0 }

  /// The largest logit less the second largest.
  public var margin: Double {
    let best = label
    let second = logits.indices.filter { $0 != best }.map { logits[$0] }.max()
    return second.map { logits[best] - $0 } ?? 0
  }
}

extension Network {
  /// What a run of this network says, where its output is a vector of classes and could be computed.
  public func classification(_ run: Activations) -> Classification? {
    logits.flatMap { run.tensor($0) }.flatMap { Classification(logits: $0) }
  }
}
