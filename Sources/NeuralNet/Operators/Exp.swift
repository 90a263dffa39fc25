import Glibc
public import TensorCore

/// y = eˣ.
public struct Exp: UnaryOperator {
  public static let opType = "Exp"
  public static let schema = OperatorSchema.unary
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .exp

  public static func apply(_ x: Float) -> Float { expf(x) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g * y }
}
