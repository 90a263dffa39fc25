/// y = |x|; the least whole number of a type stays what it is.
public struct Abs: NumberOperator {
  public static let opType = "Abs"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5)
    ],
    inputs: [.init([1: .floats, 6: [.floats, .integers], 13: [.floats, .integers, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x.magnitude }
  public static func apply(_ x: Int64) -> Int64 { x < 0 ? 0 &- x : x }

  /// 0 where x is 0.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    x < 0 ? -g : x > 0 ? g : 0
  }
}
