public import TensorCore

/// The largest cell of each map.
public struct GlobalMaxPool: GlobalPoolOperator {
  public static let opType = "GlobalMaxPool"
  public static let schema = OperatorSchema(inputs: [
    .init([1: .floats, 22: [.floats, .bfloat16]])
  ])
  public init(_ node: NodeReader) {}

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.max(x, over: axes)
  }

  /// To the first of the largest cells.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let (x, y, g) = (try pass.inputs.tensor(0), try pass.output(0), try pass.takeGradient())
    let each = y.count == 0 ? 0 : x.count / y.count
    var gradient = Tensor(x.shape, repeating: 0)
    for map in 0..<y.count {
      let cells = map * each..<(map + 1) * each
      guard let winner = cells.first(where: { x[$0] == y[map] || x[$0].isNaN }) else { continue }
      gradient[winner] = g[map]
    }
    return pass.only(gradient)
  }
}
