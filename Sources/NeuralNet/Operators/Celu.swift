import Glibc
public import TensorCore

/// y = x where x ≥ 0, else alpha·(e^(x/alpha) − 1): Barron 2017 (arXiv:1704.07483).
public struct Celu: ParametricOperator {
  public static let opType = "Celu"
  public static let schema = OperatorSchema(
    since: 12,
    attributes: [
      .float("alpha", since: 12)
    ],
    inputs: [.init(.float32)])
  let alpha: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1)
  }

  public func apply(_ x: Float) -> Float { x < 0 ? alpha * expm1f(x / alpha) : x }

  /// 1, or e^(x/alpha) below 0.
  public func gradient(_ g: Float, x: Float, y: Float) -> Float {
    x < 0 ? g * expf(x / alpha) : g
  }
}
