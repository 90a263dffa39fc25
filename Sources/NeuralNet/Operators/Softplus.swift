import Glibc
public import TensorCore

/// y = ln(1 + eˣ), written so that a large x does not overflow.
public struct Softplus: UnaryOperator {
  public static let opType = "Softplus"
  public static let schema = OperatorSchema(inputs: [
    .init([1: .floats, 22: [.floats, .bfloat16]])
  ])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .softplus

  public static func apply(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g / (1 + expf(-x)) }
}
