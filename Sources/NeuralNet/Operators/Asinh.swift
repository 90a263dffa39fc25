import Glibc

/// y = arsinh x.
public struct Asinh: UnaryOperator {
  public static let opType = "Asinh"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { asinhf(x) }

  /// 1/√(1 + x²)
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    g / (1 + x * x).squareRoot()
  }
}
