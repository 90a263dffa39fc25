import Glibc
public import TensorCore

/// y = ln x: −∞ at 0, NaN below.
public struct Log: UnaryOperator {
  public static let opType = "Log"
  public static let schema = OperatorSchema.unary
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .log

  public static func apply(_ x: Float) -> Float { logf(x) }

  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { g / x }
}
