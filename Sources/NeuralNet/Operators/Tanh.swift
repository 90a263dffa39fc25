import Glibc
public import TensorCore

/// y = tanh x.
public struct Tanh: UnaryOperator {
  public static let opType = "Tanh"
  public static let schema = OperatorSchema.unary
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .tanh

  public static func apply(_ x: Float) -> Float { tanhf(x) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * ((1 - y) * (1 + y)) }
}

extension Tanh: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .tanh }
}
