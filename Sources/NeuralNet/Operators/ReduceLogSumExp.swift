import Glibc
public import TensorCore

/// ln Σeˣ along axes.
public struct ReduceLogSumExp: ReducingOperator {
  public static let opType = "ReduceLogSumExp"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.logSumExp(x, over: axes)
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    Int64(towardZero: log(row.reduce(0.0) { $0 + exp(Double($1)) }))
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    expf(x - y)
  }
}
