import Masks
public import TensorCore

/// y = A·B under NumPy's rules for matmul: stacks of matrices that broadcast, vectors on either side.
public struct MatMul: Operator {
  public static let opType = "MatMul"
  public static let role = OperatorRole.dense
  public static let weightInput: Int? = 1
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    return [ValueInfo(try StackedProduct(a, b, in: "MatMul").shape)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    return [.float32(try StackedProduct(a.shape, b.shape, in: "MatMul").forward(a, b))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (a, b) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let product = try StackedProduct(a.shape, b.shape, in: "MatMul")
    let dy = try pass.takeGradient()
    return [
      pass.wanted.contains(0) ? product.leftGradient(dy, b: b, a: a.shape) : nil,
      pass.wanted.contains(1) ? product.rightGradient(dy, a: a, b: b.shape) : nil,
    ]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count * (inputs.optional(0)?.shape.dims.last ?? 0)
  }
}

extension MatMul: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, -1)] }
}
