import Glibc

/// y = x·tanh(ln(1 + eˣ)): Misra 2019 (arXiv:1908.08681).
public struct Mish: UnaryOperator {
  public static let opType = "Mish"
  public static let schema = OperatorSchema(
    since: 18,
    inputs: [.init([18: .floats, 22: [.floats, .bfloat16]])])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x * tanhf(softplus(x)) }

  /// t + x·(1 − t²)·σ(x) with t = tanh(ln(1 + eˣ))
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    let t = tanhf(softplus(x))
    return g * (t + x * (1 - t * t) / (1 + expf(-x)))
  }

  private static func softplus(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }
}
