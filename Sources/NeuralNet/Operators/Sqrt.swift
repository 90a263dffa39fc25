public import TensorCore

/// y = √x; NaN below 0.
public struct Sqrt: UnaryOperator {
  public static let opType = "Sqrt"
  public static let schema = OperatorSchema.unary
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .squareRoot

  public static func apply(_ x: Float) -> Float { x.squareRoot() }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g / (2 * y) }
}
