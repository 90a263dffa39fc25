import TensorCore

/// An operator that can take max(·, 0) of what it makes while it makes it.
protocol ReluFusing: Computation {
  /// What `forward` makes with every element below 0 set to 0.
  func forwardRelu(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value]
}

extension ReluFusing {
  /// In place, while the result is still near.
  func forwardRelu(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    var made = try forward(inputs, context)
    guard case .float32(var y)? = made.popLast(), made.isEmpty else {
      throw TensorError(inputs.opType, expected: "one float32 output", found: "another")
    }
    y.changeChunks { y in for i in y.indices { y[i] = y[i] < 0 ? 0 : y[i] } }
    return [.float32(y)]
  }
}

/// An operator and the ReLU behind it in one pass.
struct FusedRelu: Computation {
  private let operation: any ReluFusing

  /// Nil where the operator cannot.
  init?(_ computation: any Computation) {
    guard let operation = computation as? any ReluFusing else { return nil }
    self.operation = operation
  }

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    try operation.forwardRelu(inputs, context)
  }

  func price(_ inputs: Inputs<Value>) -> Price { operation.price(inputs) }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var pass = pass
    var gradient = try pass.takeGradient()
    // The result is above 0 exactly where what went into the ReLU was.
    gradient.changeChunks(reading: try pass.output(0)) { g, y in
      // Bare pointers, and both read before the choice: the loop becomes vector code.
      guard let from = y.baseAddress, let to = g.baseAddress else { return }
      for i in 0..<g.count {
        let (own, result) = (to[i], from[i])
        to[i] = result <= 0 ? 0 : own
      }
    }
    pass.gradients[0] = gradient
    return try operation.backward(pass)
  }
}
