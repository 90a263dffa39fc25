import Masks
public import TensorCore

/// y = exp(x)/Σ exp(x) along an axis: positive numbers that sum to 1.
public struct Softmax: AxisKeepingOperator {
  public static let opType = "Softmax"
  public static let schema = OperatorSchema(
    attributes: [.int("axis")], inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
  public static let role = OperatorRole.probability
  let rule: SoftmaxRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try SoftmaxRule(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    try rule.outputs(for: inputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try rule.forward(inputs) { $0.softmax(along: $1) }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    try rule.backward(pass) { $0.becomeSoftmaxGradient(of: $1, along: $2) }
  }
}
