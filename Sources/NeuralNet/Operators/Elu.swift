import Glibc
public import TensorCore

/// y = x where x ≥ 0, else alpha·(eˣ − 1): Clevert et al. 2015 (arXiv:1511.07289).
public struct Elu: ParametricOperator {
  public static let opType = "Elu"
  public static let schema = OperatorSchema(
    attributes: [.float("alpha"), .ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 22: [.floats, .bfloat16]])])
  let alpha: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1)
  }

  public var function: ElementFunction? { .elu(1, alpha) }

  public func apply(_ x: Float) -> Float { x < 0 ? alpha * expm1f(x) : x }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float { x < 0 ? g * (y + alpha) : g }
}
