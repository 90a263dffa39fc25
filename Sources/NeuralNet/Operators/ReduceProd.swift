import Masks
public import TensorCore

/// The product of all x along axes, 1 of nothing.
public struct ReduceProd: ReducingOperator {
  public static let opType = "ReduceProd"
  public static let schema = OperatorSchema.sumAlongAxes
  public let axes: ReducedAxes

  public init(_ node: NodeReader) throws(TensorError) { axes = try ReducedAxes(node) }

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.product(x, over: axes)
  }

  public static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64 {
    row.reduce(1, &*)
  }

  public static func share(x: Float, y: Float, equals: Float, count: Float) -> Float { y / x }

  /// The product of the others: with one 0 among them it is that one alone that has influence.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let over = try axes.resolved(pass.inputs.described) ?? []
    let x = try pass.inputs.tensor(0)
    let kept = try Reduction.shape(of: x.shape, over: over, keepingDims: true, in: Self.opType)
    let view = try StridedView.broadcasting(kept, to: x.shape, in: Self.opType)
    let zeros = try Reduction.sum(x, over: over) { $0 == 0 ? 1 : 0 }.gathered(view)
    let others = try Reduction.product(x.map { $0 == 0 ? 1 : $0 }, over: over).gathered(view)
    var g = try pass.takeGradient().reshaped(to: kept).gathered(view)
    for i in 0..<g.count {
      switch (zeros[i], x[i]) {
      case (0, let x): g[i] *= others[i] / x
      case (1, 0): g[i] *= others[i]
      default: g[i] = 0
      }
    }
    return pass.only(g)
  }
}
