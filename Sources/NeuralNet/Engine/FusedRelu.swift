import TensorCore

/// An operator and the ReLU behind it in one pass.
struct FusedRelu: Computation {
  private let operation: any ReluFusing

  /// Nil where the operator cannot.
  init?(_ computation: any Computation) {
    guard let operation = computation as? any ReluFusing else { return nil }
    self.operation = operation
  }

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    try operation.forward(inputs, context, Epilogue(activation: .relu))
  }

  func price(_ inputs: Inputs<Value>) -> Price { operation.price(inputs) }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var pass = pass
    var gradient = try pass.takeGradient()
    // The result is above 0 exactly where what went into the ReLU was.
    gradient.passThroughRelu(result: try pass.output(0))
    pass.gradients[0] = gradient
    return try operation.backward(pass)
  }
}
