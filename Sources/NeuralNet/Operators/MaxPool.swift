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

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try attributes.outputShape(try inputs.tensor(0))
    return [ValueInfo(shape)] + (wantsIndices ? [ValueInfo(shape, type: .int64)] : [])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let (steps, shape) = try attributes.passes(over: x.shape)
    let y = Value.float32(try largest(x)[steps.count])
    guard wantsIndices else { return [y] }
    guard steps.count == 1 else {
      throw TensorError(
        "MaxPool", expected: "an input [N,C,H,W] or [N,C,L] where indices are wanted",
        found: "\(x.shape)")
    }
    var indices = try steps[0].pooling.maxIndices(try x.reshaped(to: steps[0].input))
    if countsAlongColumns, x.shape.rank == 4 {
      let (h, w) = (Int64(x.shape[2]), Int64(x.shape[3]))
      indices = indices.map { at in
        let cell = at % (h * w)
        return at < 0 ? at : at - cell + cell % w * h + cell / w
      }
    }
    return [y, .int64(try indices.reshaped(to: shape))]
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
