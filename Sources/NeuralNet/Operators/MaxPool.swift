import Masks
public import TensorCore

/// The largest cell of each window, `[N,C,H,W]` → `[N,C,H′,W′]` or `[N,C,L]` → `[N,C,L′]`. Output 1,
/// where wanted: the cell's place in the whole input, counted along rows or, with `storage_order` 1,
/// along columns.
public struct MaxPool: Operator {
  public static let opType = "MaxPool"
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
    let shape = try attributes.outputShape(x.shape)
    let pooling = try attributes.pooling(over: x.shape)
    let planes = try x.reshaped(to: try attributes.window.planes(of: x.shape, in: "MaxPool"))
    let y = Value.float32(try pooling.max(planes).reshaped(to: shape))
    guard wantsIndices else { return [y] }
    var indices = try pooling.maxIndices(planes)
    if countsAlongColumns, x.shape.rank == 4 {
      let (h, w) = (Int64(x.shape[2]), Int64(x.shape[3]))
      indices = indices.map { at in
        let cell = at % (h * w)
        return at < 0 ? at : at - cell + cell % w * h + cell / w
      }
    }
    return [y, .int64(try indices.reshaped(to: shape))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let planes = try attributes.window.planes(of: x.shape, in: "MaxPool")
    let pooling = try attributes.pooling(over: x.shape)
    let output = try pooling.outputShape(input: planes, in: "MaxPool")
    let gradient = try pooling.maxGradient(
      try pass.takeGradient().reshaped(to: output), x: try x.reshaped(to: planes),
      y: try pass.output(0).reshaped(to: output))
    return pass.only(try gradient.reshaped(to: x.shape))
  }
}
