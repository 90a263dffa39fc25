public import TensorCore

/// The mean of each map.
public struct GlobalAveragePool: GlobalPoolOperator {
  public static let opType = "GlobalAveragePool"
  public static let schema = OperatorSchema(inputs: [
    .init([1: .floats, 22: [.floats, .bfloat16]])
  ])
  public init(_ node: NodeReader) {}

  public static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor {
    try Reduction.mean(x, over: axes)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    var g = try pass.takeGradient()
    let cells = Float(shape.dims.dropFirst(2).reduce(1, *))
    g.changeChunks { g in for i in g.indices { g[i] /= cells } }
    return pass.only(
      g.gathered(try .broadcasting(g.shape, to: shape, in: "GlobalAveragePool")))
  }
}

extension GlobalAveragePool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let x = try inputs.tensor(0)
    _ = try outputs(for: inputs.described)
    // The cells of a map lie one after another whatever its dimensions are.
    let (columns, count) = (x.shape.dims.last ?? 1, x.shape.dims.dropFirst(2).reduce(1, *))
    let size = Window.Pair(columns > 0 ? count / columns : 0, columns)
    return .window(
      PoolWindow(
        node, x, map: offset * count, size: size, channel: offset % max(1, x.shape[1]),
        over: Window(kernel: size), at: Window.Pair(0, 0), rule: { .mean(of: $0) }))
  }
}
