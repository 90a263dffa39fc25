/// The whole number nearest to x; of two the even one.
public struct Round: UnaryOperator {
  public static let opType = "Round"
  public static let schema = OperatorSchema(
    since: 11,
    inputs: [.init([11: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x.rounded(.toNearestOrEven) }

  /// Steps have no slope.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { 0 }
}
