import Glibc

/// y = cos x.
public struct Cos: UnaryOperator {
  public static let opType = "Cos"
  public static let schema = OperatorSchema(
    since: 7,
    inputs: [.init([7: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { cosf(x) }

  /// −sin x
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { -g * sinf(x) }
}
