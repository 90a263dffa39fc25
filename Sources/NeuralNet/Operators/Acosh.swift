import Glibc

/// y = arcosh x; NaN below 1.
public struct Acosh: UnaryOperator {
  public static let opType = "Acosh"
  public static let schema = OperatorSchema(
    since: 9,
    inputs: [.init([9: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public static func apply(_ x: Float) -> Float { acoshf(x) }

  /// 1/√(x² − 1)
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float {
    g / (x * x - 1).squareRoot()
  }
}
