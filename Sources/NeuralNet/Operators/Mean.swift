import Masks
public import TensorCore

/// The mean of the inputs, element by element; they broadcast.
public struct Mean: BroadcastingOperator {
  public static let opType = "Mean"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5)
    ],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])],
    repeatsInput: true)
  public static let role = OperatorRole.merge
  private let sum: Sum

  public init(_ node: NodeReader) { sum = Sum(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    try sum.outputs(for: inputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    guard case .float32(var y)? = try sum.forward(inputs, context).first else {
      throw TensorError("Mean", expected: "floats", found: "other numbers")
    }
    let count = Float(inputs.count)
    y.changeChunks { y in for i in y.indices { y[i] /= count } }
    return [.float32(y)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var own = pass
    let count = Float(own.inputs.count)
    var g = try own.takeGradient()
    g.changeChunks { g in for i in g.indices { g[i] /= count } }
    own.gradients[0] = g
    return try sum.backward(own)
  }
}
