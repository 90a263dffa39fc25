public import TensorCore

/// Something a run computes: an operator, or what a run makes of one, such as a convolution with the
/// ReLU behind it or a dropout on an edge.
public protocol Computation: Sendable {
  /// Computes the outputs.
  /// - Throws: `TensorError` where the inputs do not go together.
  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value]

  /// The gradient of the loss with respect to each input, by position and in the input's shape; nil
  /// for inputs that are not wanted, not float32 or without influence.
  /// - Throws: `TensorError` where there is no gradient.
  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?]
}
