/// y = −x; the least whole number of a type stays what it is.
public struct Neg: NumberOperator {
  public static let opType = "Neg"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5)
    ],
    inputs: [
      .init([
        1: .floats, 6: [.floats, .signedIntegers], 13: [.floats, .signedIntegers, .bfloat16],
      ])
    ])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { -x }
  public static func apply(_ x: Int64) -> Int64 { 0 &- x }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { -g }
}
