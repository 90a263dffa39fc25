import Glibc

/// y = cosh x.
public struct Cosh: UnaryOperator {
  public static let opType = "Cosh"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { coshf(x) }

  /// sinh x
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * sinhf(x) }
}
