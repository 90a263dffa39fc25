public import TensorCore

/// Σx / n along axes.
public struct ReduceMean: ReducingOperator {
  public static let opType = "ReduceMean"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("axes", until: 17), .flag("keepdims"), .flag("noop_with_empty_axes", since: 18),
    ],
    inputs: [
      .init([1: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]]),
      .init([18: .int64], optionalSince: 18),
    ])
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.mean(x, over: axes)
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.isEmpty ? 0 : row.reduce(0, &+) / Int64(row.count)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float { 1 / count }
}
