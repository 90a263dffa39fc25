public import TensorCore

/// What training makes small: a number for each sample, averaged over the batch.
public protocol Loss: Sendable {
  /// The word on the command line.
  var name: String { get }
  /// One line of help.
  var summary: String { get }
  /// The function at a network's end that the loss contains, so that it takes what that would read; nil for
  /// none.
  var contained: OutputFunction? { get }
  /// What `LossValue.correct` counts, in a word or two: `accuracy`, `exact match`, `Dice`.
  var score: String { get }

  /// The mean over what is asked for, and its gradient.
  /// - Throws: `TensorError` where the targets do not fit the output.
  func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue
}

extension Loss {
  /// Most losses count what is at its class.
  public var score: String { "accuracy" }
}

/// What makes probabilities of the last numbers of a network.
public enum OutputFunction: Sendable {
  /// Softmax or LogSoftmax.
  case softmax
  /// 1/(1 + e^−x) of each number.
  case sigmoid
}

/// A loss and where it comes from.
public struct LossValue: Sendable {
  /// The mean over what is asked for.
  public var mean: Double
  /// Its gradient with respect to the output, in the output's shape.
  public var gradient: Tensor
  /// How many have their largest output at their class; of masks, the sum of their overlaps, each 0 to 1.
  public var correct: Double
  /// How many were asked for: samples, or tokens that are not padding.
  public var count: Int
}

extension Tensor {
  /// - Throws: `TensorError` where it is no batch of rows.
  func checkIsRows(in operation: String) throws(TensorError) {
    guard shape.rank == 2, count > 0 else {
      throw TensorError(operation, expected: "an output [N,K]", found: "\(shape)")
    }
  }
}
