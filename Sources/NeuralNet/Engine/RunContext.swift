public import Masks
public import TensorCore

/// What a run knows beside its inputs.
public struct RunContext: Sendable {
  /// Whether the graph's own Dropout nodes act.
  public var mode: Mode
  /// Where a Dropout node's numbers come from; its site is set to the node's own.
  public var stream: RandomStream
  /// By which statistics BatchNormalization normalises in training.
  public var batchNormalization: BatchStatistics
  /// Whether the model's own dropout is the identity whatever its file says: for a run without any.
  public var disablesOwnDropout: Bool
  /// Whether a Dropout node with a `seed` attribute draws from NumPy's generator under that seed, as
  /// ONNX's reference does, so the same numbers in every run; else the attribute means nothing.
  public var obeysSeeds: Bool
  /// The element type of the whole numbers that an operator is handed as int64: `.uint64` where those
  /// below 0 stand for the largest. Results are wrapped to it by whoever runs the operator.
  public internal(set) var integers = ElementType.int64
  /// Who is told of numbers that are lost where results are rounded to small floats; nil for nobody.
  public var losses: RoundingLosses?
  /// Which turns of bodies the run is in, the outermost first.
  var turns: [Int] = []
  /// The step at which dropouts draw that have numbers of their own; nil leaves them theirs.
  var placedStep: UInt32?
  /// Where the node's weights are kept in the order of the kernels; nil where they may change.
  var kept: KeptWeights?

  /// A context; by default evaluation.
  public init(
    mode: Mode = .eval, batchNormalization: BatchStatistics = .stored,
    stream: RandomStream = RandomStream(seed: 0), obeysSeeds: Bool = false,
    disablesOwnDropout: Bool = false
  ) {
    (self.mode, self.batchNormalization) = (mode, batchNormalization)
    (self.stream, self.obeysSeeds) = (stream, obeysSeeds)
    self.disablesOwnDropout = disablesOwnDropout
  }
}

extension RunContext {
  /// What turns whole numbers of this run into ones that int64 orders as their own type does, and back
  /// again, by exclusive or: the sign for uint64, nothing for all others.
  var integerOrder: Int64 { integers == .uint64 ? .min : 0 }
}

/// What batch normalisation normalises by while a network is trained.
public enum BatchStatistics: String, CaseIterable, Sendable {
  /// The mean and variance the model brought: as at evaluation, and as Monte-Carlo dropout asks for.
  case stored
  /// Those of the batch, which the running ones follow.
  case batch
}
