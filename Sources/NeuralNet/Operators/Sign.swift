/// 1 where x is above 0, −1 where it is below, else 0.
public struct Sign: NumberOperator {
  public static let opType = "Sign"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: [.floats, .integers], 13: [.floats, .integers, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x > 0 ? 1 : x < 0 ? -1 : x.isNaN ? x : 0 }
  public static func apply(_ x: Int64) -> Int64 { x.signum() }
  public static func apply(beyondSigned x: Int64) -> Int64 { 1 }

  /// Steps have no slope.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { 0 }
}
