import Glibc

/// y = sin x.
public struct Sin: UnaryOperator {
  public static let opType = "Sin"
  public static let schema = OperatorSchema(
    since: 7,
    inputs: [.init([7: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { sinf(x) }

  /// cos x
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * cosf(x) }
}
