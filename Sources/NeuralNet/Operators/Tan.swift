import Glibc

/// y = tan x.
public struct Tan: UnaryOperator {
  public static let opType = "Tan"
  public static let schema = OperatorSchema(
    since: 7,
    inputs: [.init([7: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { tanf(x) }

  /// 1 + y²
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * (1 + y * y) }
}
