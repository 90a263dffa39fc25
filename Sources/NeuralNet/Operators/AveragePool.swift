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
}
