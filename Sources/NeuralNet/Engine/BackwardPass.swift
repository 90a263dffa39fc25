public import TensorCore

/// What a node's backward pass starts from: what its forward pass read and made, and the gradient of
/// the loss that comes from below.
///
/// An operator changes the gradient it takes in place, which costs no memory as long as nobody else
/// holds it: make the pass where it is handed over, and keep neither it nor its gradients.
public struct BackwardPass: Sendable {
  /// What forward read.
  public let inputs: Inputs<Value>
  /// All that forward made, in its order: also what the graph gives no name, such as a mask.
  public let outputs: [Value]
  /// The gradient of the loss with respect to each output, in its shape; nil where none flows.
  public var gradients: [Tensor?]
  /// The inputs, by position, whose gradient somebody reads. Others need not be computed.
  public let wanted: Set<Int>

  /// A pass over a node that has run.
  public init(
    inputs: Inputs<Value>, outputs: [Value], gradients: [Tensor?], wanted: Set<Int>
  ) {
    (self.inputs, self.outputs) = (inputs, outputs)
    (self.gradients, self.wanted) = (gradients, wanted)
  }

  /// The gradient of output 0, taken out so that it can be changed in place; zeros where none flows.
  /// - Throws: `TensorError` where output 0 is not float32.
  public mutating func takeGradient() throws(TensorError) -> Tensor {
    if let gradient = gradients[0] {
      gradients[0] = nil
      return gradient
    }
    return Tensor(try output(0).shape, repeating: 0)
  }

  /// A float32 output of forward. - Throws: `TensorError` where it is missing or of another type.
  public func output(_ index: Int) throws(TensorError) -> Tensor {
    guard outputs.indices.contains(index), case .float32(let y) = outputs[index] else {
      throw TensorError(
        inputs.opType, expected: "a float32 output \(index)", found: "\(outputs.count) outputs")
    }
    return y
  }
}

extension BackwardPass {
  /// Whether somebody reads the gradient of an input, and it is of a type that can have one.
  func wants(_ index: Int) -> Bool {
    wanted.contains(index) && inputs.optional(index)?.type == .float32
  }

  /// No gradient for any input.
  var none: [Tensor?] { [Tensor?](repeating: nil, count: inputs.count) }

  /// A gradient for input 0, none for the others.
  func only(_ gradient: Tensor) -> [Tensor?] {
    [gradient] + [Tensor?](repeating: nil, count: inputs.count - 1)
  }
}
