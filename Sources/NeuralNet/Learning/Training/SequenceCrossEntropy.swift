public import TensorCore

/// The cross-entropy of tokens, with whole sequences counted: one is right where each of its tokens is, as an
/// answer of several letters is right or wrong.
public struct SequenceCrossEntropy: Loss {
  /// The loss; it has no settings.
  public init() {}
  public let name = "sequence"
  public let summary = "cross-entropy of tokens; a sequence counts where all of them are right"
  public let contained: OutputFunction? = .softmax
  public let score = "exact match"

  public func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue {
    var value = try SoftmaxCrossEntropy().evaluate(output, targets)
    // Without times a sample is a sequence of one.
    guard case .tokens(let tokens) = targets, output.shape.rank == 3 else { return value }
    let (samples, each) = (output.shape[0], output.shape[1])
    let found = output.largestInRows()
    let right = (0..<samples).count { sample in
      (sample * each..<(sample + 1) * each).allSatisfy { tokens[$0] < 0 || found[$0] == tokens[$0] }
    }
    (value.correct, value.count) = (Double(right), samples)
    return value
  }
}
