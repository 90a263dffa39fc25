/// The least whole number that is not below x.
public struct Ceil: UnaryOperator {
  public static let opType = "Ceil"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5)
    ],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x.rounded(.up) }

  /// Steps have no slope.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { 0 }
}
