public import TensorCore

/// What training makes small: a number for each sample, averaged over the batch.
public protocol Loss: Sendable {
  /// The word on the command line.
  var name: String { get }
  /// One line of help.
  var summary: String { get }
  /// Whether the loss contains the softmax, so that it takes what a last Softmax or LogSoftmax node
  /// would read.
  var takesLogits: Bool { get }

  /// The mean over the samples of `[N,K]`, and its gradient.
  /// - Throws: `TensorError` where the targets do not fit the output.
  func evaluate(_ output: Tensor, _ targets: Targets) throws(TensorError) -> LossValue
}

/// A loss and where it comes from.
public struct LossValue: Sendable {
  /// The mean over the samples.
  public var mean: Double
  /// Its gradient with respect to the output, in the output's shape.
  public var gradient: Tensor
  /// How many samples have their largest output at their class.
  public var correct: Int
}

/// Every loss there is, by name.
public enum LossRegistry {
  /// All losses: one line each.
  public static let all: [any Loss] = [
    SoftmaxCrossEntropy(),
    MeanSquaredError(),
  ]

  /// The loss called `name`. - Throws: `TensorError` that lists them where there is none.
  public static func make(_ name: String) throws(TensorError) -> any Loss {
    guard let loss = all.first(where: { $0.name == name }) else {
      throw TensorError(
        "loss", expected: all.map(\.name).joined(separator: ", "),
        found: name.isEmpty ? "nothing" : name)
    }
    return loss
  }

  /// - Throws: `TensorError` where an output is no batch of rows.
  static func checkRows(_ output: Tensor, in operation: String) throws(TensorError) {
    guard output.shape.rank == 2, output.count > 0 else {
      throw TensorError(operation, expected: "an output [N,K]", found: "\(output.shape)")
    }
  }
}
