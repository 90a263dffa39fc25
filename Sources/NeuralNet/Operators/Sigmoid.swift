import Glibc
public import TensorCore

/// y = 1/(1 + e⁻ˣ). The exponential overflows to ∞ for small x, which gives the right 0.
public struct Sigmoid: UnaryOperator {
  public static let opType = "Sigmoid"
  public static let schema = OperatorSchema.unary
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .sigmoid

  public static func apply(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * (y * (1 - y)) }
}

extension Sigmoid: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .sigmoid }
}
