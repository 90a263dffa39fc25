public import TensorCore

/// Σx along axes.
public struct ReduceSum: ReducingOperator {
  public static let opType = "ReduceSum"
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float { 1 }
}
