public import TensorCore

/// Σx² along axes.
public struct ReduceSumSquare: ReducingOperator {
  public static let opType = "ReduceSumSquare"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes) { Double($0) * Double($0) }
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.reduce(0) { $0 &+ $1 &* $1 }
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    2 * x
  }
}
