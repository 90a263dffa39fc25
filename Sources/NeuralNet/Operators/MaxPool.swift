import Masks
public import TensorCore

/// The largest cell of each window, `[N,C,H,W]` → `[N,C,H′,W′]`, and likewise with fewer or more
/// dimensions. Output 1, where wanted: the cell's place in the whole input, counted along rows or, with `storage_order` 1,
/// along columns.
public struct MaxPool: MapOperator {
  public static let opType = "MaxPool"
  public static let schema = OperatorSchema(
    attributes: [
      .string("auto_pad", of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .flag("ceil_mode", since: 10), .ints("dilations", since: 10, in: 1 ... .max),
      .ints("kernel_shape", required: true, in: 1 ... .max), .ints("pads", in: 0 ... .max),
      .flag("storage_order", since: 8), .ints("strides", in: 1 ... .max),
    ], inputs: [.init([1: .floats, 12: [.floats, .bytes], 22: [.floats, .bytes, .bfloat16]])],
    outputs: [1: 1, 8: 2])
  public static let role = OperatorRole.pool
  let attributes: PoolAttributes
  let countsAlongColumns: Bool
  let wantsIndices: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try PoolAttributes(node)
    countsAlongColumns = try node.int("storage_order", default: 0) != 0
    wantsIndices = node.node.outputs.count > 1 && !node.node.outputs[1].isEmpty
  }

  /// Places are int64 whatever they are places in.
  public static let typedOutputs = 1

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError("MaxPool", expected: "floats or whole numbers", found: "\(x.type)")
    }
    let shape = try attributes.outputShape(x.shape)
    return [ValueInfo(shape, type: x.type)] + (wantsIndices ? [ValueInfo(shape, type: .int64)] : [])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    if case .int64(let x) = try inputs.required(0) {
      let order = context.integerOrder
      let winners = try winners(x) { $0 ^ order > $1 ^ order }
      let y = winners.map { $0 < 0 ? context.integers.leastInteger : x[Int($0)] }
      return [.int64(y)] + (wantsIndices ? [.int64(places(winners, in: x.shape))] : [])
    }
    let x = try inputs.tensor(0)
    let steps = try attributes.passes(over: x.shape).steps
    let y = Value.float32(try largest(x)[steps.count])
    guard wantsIndices else { return [y] }
    let winners = try winners(x) { $0 > $1 || ($0.isNaN && !$1.isNaN) }
    return [y, .int64(places(winners, in: x.shape))]
  }

  /// Where in the whole of x the cell of each window lies that wins it, the first of equals; −1 where a
  /// window holds none.
  private func winners<Element>(
    _ x: NDArray<Element>, _ wins: (Element, Element) -> Bool
  ) throws(TensorError) -> NDArray<Int64> {
    let (steps, shape) = try attributes.passes(over: x.shape)
    var winners = try steps[0].pooling.winners(try x.reshaped(to: steps[0].input), wins)
    for step in steps.dropFirst() {
      // Of the winners of the pass before, whose rows and columns are earlier where they lie in front.
      let before = try winners.reshaped(to: step.input)
      winners = try step.pooling.winners(before) { new, old in
        new >= 0 && (old < 0 || wins(x[Int(new)], x[Int(old)]))
      }.map { $0 < 0 ? -1 : before[Int($0)] }
    }
    return try winners.reshaped(to: shape)
  }

  /// Places counted as the node asks: along rows as they are, or along columns within each map.
  private func places(_ winners: NDArray<Int64>, in shape: Shape) -> NDArray<Int64> {
    guard countsAlongColumns else { return winners }
    let sizes = shape.dims.dropFirst(2).map { Int64($0) }
    let area = sizes.reduce(1, *)
    return winners.map { at in
      guard at >= 0 else { return at }
      var (rest, step, place) = (at % area, area, at - at % area)
      for size in sizes.reversed() {
        step /= size
        place += rest % size * step
        rest /= size
      }
      return place
    }
  }

  private func largest(_ x: Tensor) throws(TensorError) -> [Tensor] {
    try attributes.run(x) { pooling, x throws(TensorError) in try pooling.max(x) }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let made = x.shape.rank <= 4 ? [x, try pass.output(0)] : try largest(x)
    let g = try attributes.runBack(try pass.takeGradient(), through: made) {
      pooling, g, x, y throws(TensorError) in try pooling.maxGradient(g, x: x, y: y)
    }
    return pass.only(g)
  }
}

extension MaxPool: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    try attributes.source(of: offset, node, try inputs.tensor(0)) { _, _, _, _ in .largest }
  }
}
