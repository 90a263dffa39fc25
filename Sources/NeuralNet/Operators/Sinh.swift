import Glibc

/// y = sinh x.
public struct Sinh: UnaryOperator {
  public static let opType = "Sinh"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { sinhf(x) }

  /// cosh x
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * coshf(x) }
}
