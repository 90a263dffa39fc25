import Glibc
public import TensorCore

/// y = x·σ(alpha·x): Ramachandran et al. 2017 (arXiv:1710.05941).
public struct Swish: ParametricOperator {
  public static let opType = "Swish"
  public static let schema = OperatorSchema(
    since: 24,
    attributes: [
      .float("alpha", since: 24)
    ],
    inputs: [.init([.floats, .bfloat16])])
  let alpha: Float

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1)
  }

  public func apply(_ x: Float) -> Float { x / (1 + expf(-alpha * x)) }

  /// σ + alpha·y·(1 − σ)
  public func gradient(_ g: Float, x: Float, y: Float) -> Float {
    let sigmoid = 1 / (1 + expf(-alpha * x))
    return g * (sigmoid + alpha * y * (1 - sigmoid))
  }
}
