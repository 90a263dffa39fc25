import Glibc

/// y = arcsin x; NaN beyond −1 … 1.
public struct Asin: UnaryOperator {
  public static let opType = "Asin"
  public static let schema = OperatorSchema(
    since: 7,
    inputs: [.init([7: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { asinf(x) }

  /// 1/√(1 − x²)
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    g / (1 - x * x).squareRoot()
  }
}
