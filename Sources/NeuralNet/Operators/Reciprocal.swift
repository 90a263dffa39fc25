/// y = 1/x.
public struct Reciprocal: UnaryOperator {
  public static let opType = "Reciprocal"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5)
    ],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { 1 / x }

  /// −y²
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { -g * y * y }
}
