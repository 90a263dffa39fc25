import Glibc
public import TensorCore

/// y = erf x, the error function.
public struct Erf: UnaryOperator {
  public static let opType = "Erf"
  public static let schema = OperatorSchema(
    since: 9, inputs: [.init([9: [.floats, .integers], 13: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .erf

  public static func apply(_ x: Float) -> Float { erff(x) }

  /// 2/√π·e^−x²
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    g * (2 / Float.pi.squareRoot() * expf(-x * x))
  }
}
