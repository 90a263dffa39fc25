public import TensorCore

/// y = max(0, min(1, alpha·x + beta)).
public struct HardSigmoid: ParametricOperator {
  public static let opType = "HardSigmoid"
  public static let schema = OperatorSchema(
    attributes: [.float("alpha"), .float("beta"), .ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  let alpha: Float
  let beta: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 0.2)
    beta = try node.float("beta", default: 0.5)
  }

  public var function: ElementFunction? { .hardSigmoid(alpha, beta) }

  public func apply(_ x: Float) -> Float {
    let line = alpha * x + beta
    return line < 0 ? 0 : line > 1 ? 1 : line
  }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float {
    let line = alpha * x + beta
    return line > 0 && line < 1 ? alpha * g : 0
  }
}
