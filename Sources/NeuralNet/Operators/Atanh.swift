import Glibc

/// y = artanh x; NaN beyond −1 … 1.
public struct Atanh: UnaryOperator {
  public static let opType = "Atanh"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { atanhf(x) }

  /// 1/(1 − x²)
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g / (1 - x * x) }
}
