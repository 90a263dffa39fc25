/// The smallest of the inputs, element by element; a NaN in one of them stays. Where several are equal they
/// share the gradient.
public struct Min: VariadicOperator {
  public static let opType = "Min"
  public static let schema = OperatorSchema.extreme
  public static let takesIntegers = true
  public let broadcasts: Bool

  public init(_ node: NodeReader) { broadcasts = node.opset >= 8 }

  public static func combine(_ a: Float, _ b: Float) -> Float { b < a || b.isNaN ? b : a }
  public static func combine(_ a: Int64, _ b: Int64) -> Int64 { b < a ? b : a }

  public static func share(x: Float, y: Float, equals: Float) -> Float { x == y ? 1 / equals : 0 }
}
