public import TensorCore

/// The largest x along axes, −∞ of nothing; equals share the gradient.
public struct ReduceMax: ReducingOperator {
  public static let opType = "ReduceMax"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("axes", until: 17), .flag("keepdims"), .flag("noop_with_empty_axes", since: 18),
    ],
    inputs: [
      .init([
        1: [.floats, .wideIntegers], 12: [.floats, .wideIntegers, .bytes],
        13: [.floats, .wideIntegers, .bytes, .bfloat16],
        20: [.floats, .wideIntegers, .bytes, .bfloat16, .bool],
      ]), .init([18: .int64], optionalSince: 18),
    ])
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.max(x, over: axes)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    x == y ? 1 / equals : 0
  }
}
