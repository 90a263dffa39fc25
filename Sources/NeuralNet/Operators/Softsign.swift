public import TensorCore

/// y = x/(1 + |x|).
public struct Softsign: UnaryOperator {
  public static let opType = "Softsign"
  public static let schema = OperatorSchema(inputs: [
    .init([1: .floats, 22: [.floats, .bfloat16]])
  ])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .softsign

  public static func apply(_ x: Float) -> Float { x / (1 + abs(x)) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    g / ((1 + abs(x)) * (1 + abs(x)))
  }
}
