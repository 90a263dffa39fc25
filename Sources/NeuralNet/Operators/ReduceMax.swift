public import TensorCore

/// The largest x along axes, −∞ of nothing; equals share the gradient.
public struct ReduceMax: ReducingOperator {
  public static let opType = "ReduceMax"
  public static let schema = OperatorSchema.extremeAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.max(x, over: axes)
  }

  public static let takesTruths = true
  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.reduce(.min) { max($0, $1 ^ order) } ^ order
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    x == y ? 1 / equals : 0
  }
}
