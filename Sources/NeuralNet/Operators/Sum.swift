/// The sum of the inputs, element by element.
public struct Sum: VariadicOperator {
  public static let opType = "Sum"
  public static let schema = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])], repeatsInput: true)
  public static let takesIntegers = false
  public let broadcasts: Bool

  public init(_ node: NodeReader) { broadcasts = node.opset >= 8 }

  public static func combine(_ a: Float, _ b: Float) -> Float { a + b }
  public static func combine(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }

  public static func share(x: Float, y: Float, equals: Float) -> Float { 1 }
}
