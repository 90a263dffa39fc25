/// y = max(x, 0). NaN stays NaN.
public struct Relu: UnaryOperator {
  public static let opType = "Relu"
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { x < 0 ? 0 : x }
}
