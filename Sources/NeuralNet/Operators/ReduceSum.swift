public import TensorCore

/// Σx along axes.
public struct ReduceSum: ReducingOperator {
  public static let opType = "ReduceSum"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("axes", until: 12), .flag("keepdims"), .flag("noop_with_empty_axes", since: 13),
    ],
    inputs: [
      .init([1: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]]),
      .init([13: .int64], optionalSince: 13),
    ])
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes)
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.reduce(0, &+)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float { 1 }
}
