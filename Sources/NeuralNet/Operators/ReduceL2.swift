public import TensorCore

/// √Σx² along axes.
public struct ReduceL2: ReducingOperator {
  public static let opType = "ReduceL2"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.sum(x, over: axes) { Double($0) * Double($0) }.map { $0.squareRoot() }
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    Int64(towardZero: row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float {
    y == 0 ? 0 : x / y
  }
}
