import Glibc
public import TensorCore

/// ln Σx along axes.
public struct ReduceLogSum: ReducingOperator {
  public static let opType = "ReduceLogSum"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes).map { logf($0) }
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    Int64(towardZero: log(Double(row.reduce(0, &+))))
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    expf(-y)
  }
}
