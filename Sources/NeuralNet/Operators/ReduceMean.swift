public import TensorCore

/// Σx / n along axes.
public struct ReduceMean: ReducingOperator {
  public static let opType = "ReduceMean"
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.mean(x, over: axes)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float { 1 / count }
}
