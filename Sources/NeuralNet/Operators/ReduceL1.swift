public import TensorCore

/// Σ|x| along axes.
public struct ReduceL1: ReducingOperator {
  public static let opType = "ReduceL1"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes) { Double($0.magnitude) }
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) }
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    x > 0 ? 1 : x < 0 ? -1 : 0
  }
}
