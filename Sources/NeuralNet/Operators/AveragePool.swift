import Masks
public import TensorCore

/// The mean of each window, `[N,C,H,W]` → `[N,C,H′,W′]` or `[N,C,L]` → `[N,C,L′]`; padding is left
/// out of the mean unless `count_include_pad` is 1.
public struct AveragePool: Operator {
  public static let opType = "AveragePool"
  public static let role = OperatorRole.pool
  let attributes: PoolAttributes
  let countsPads: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    attributes = try PoolAttributes(node)
    countsPads = try node.int("count_include_pad", default: 0) != 0
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try attributes.outputShape(try inputs.tensor(0)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let shape = try attributes.outputShape(x.shape)
    let planes = try x.reshaped(to: try attributes.window.planes(of: x.shape, in: "AveragePool"))
    let y = try attributes.pooling(over: x.shape).average(planes, countingPads: countsPads)
    return [.float32(try y.reshaped(to: shape))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    let planes = try attributes.window.planes(of: shape, in: "AveragePool")
    let pooling = try attributes.pooling(over: shape)
    let output = try pooling.outputShape(input: planes, in: "AveragePool")
    let g = try pass.takeGradient().reshaped(to: output)
    let x = try pooling.averageGradient(g, input: planes, countingPads: countsPads)
    return pass.only(try x.reshaped(to: shape))
  }
}
