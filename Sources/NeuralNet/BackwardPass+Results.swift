import TensorCore

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
