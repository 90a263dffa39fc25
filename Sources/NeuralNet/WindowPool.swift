public import TensorCore

/// A pool over windows of maps, whose geometry others may ask for.
protocol WindowPool: Operator {
  /// Kernel size, strides, pads.
  var attributes: PoolAttributes { get }
}

extension MaxPool: WindowPool {}
extension AveragePool: WindowPool {}
extension LpPool: WindowPool {}

extension Network {
  /// The result of the first pool that reads a value, average pools included, past what only reshapes
  /// or drops; nil where none does.
  public func pool(reading value: String) -> String? {
    poolNode(reading: value).flatMap { graph.nodes[$0].outputs.first }
  }

  /// The geometry of that pool over a value of shape `[N,C,H,W]` or `[N,C,L]`, a whole map for global
  /// pools; nil where there is none.
  public func pooling(after value: String, over shape: Shape) -> Pooling? {
    guard shape.rank > 2, let index = poolNode(reading: value), let layout = try? Layout.channelsFirst(shape),
      layout.area > 0,
      let pool = try? operators[index].get()
    else { return nil }
    if pool is any GlobalPoolOperator {
      return Pooling(window: Window(kernel: Window.Pair(layout.h, layout.w)))
    }
    return try? (pool as? any WindowPool)?.attributes.pooling(over: shape)
  }

  private func poolNode(reading value: String) -> Int? {
    let direct = graph.nodes.indices.first {
      role(of: $0) == .pool && graph.nodes[$0].inputs.first == value
    }
    return direct ?? nextLayer(after: value).flatMap { role(of: $0) == .pool ? $0 : nil }
  }
}
