public import TensorCore

/// A pool over windows of maps, whose geometry others may ask for.
protocol WindowPool: Operator {
  /// Kernel size, strides, pads.
  var attributes: PoolAttributes { get }
}

extension MaxPool: WindowPool {}
extension AveragePool: WindowPool {}

extension Network {
  /// The geometry of the pool that reads a value of shape `[N,C,H,W]` next; nil where none does.
  public func pooling(after value: String, over shape: Shape) -> Pooling? {
    guard shape.rank == 4, let index = nextLayer(after: value),
      let pool = try? operators[index].get() as? any WindowPool
    else { return nil }
    return try? pool.attributes.pooling(over: shape)
  }
}
