public import TensorCore

/// y = x where x ≥ 0, else alpha·x.
public struct LeakyRelu: ParametricOperator {
  public static let opType = "LeakyRelu"
  public static let schema = OperatorSchema(
    attributes: [.float("alpha"), .ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 16: [.floats, .bfloat16]])])
  let alpha: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 0.01)
  }

  public var function: ElementFunction? { .leakyRelu(slope: alpha) }

  public func apply(_ x: Float) -> Float { x < 0 ? alpha * x : x }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float { x < 0 ? alpha * g : g }
}

extension LeakyRelu: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .leakyRelu(slope: alpha) }
}
