public import Masks
public import TensorCore

/// A pool inside which dropout can act, so that it chooses from what is left.
public protocol PoolWithDropout: Operator {
  /// The pool's first output where `dropout` acts on the cells it chooses from: in training the largest
  /// kept cell of each window, 0 where none is kept; at evaluation the mean over all masks.
  /// - Throws: `TensorError` where the window does not fit.
  func pooled(
    _ x: Tensor, _ dropout: Dropout, mask: Mask, mode: Mode
  ) throws(TensorError) -> Tensor

  /// The gradient by x of `pooled` in training, from the gradient by its result: a window's goes to
  /// the cell it chose from those kept, and nowhere where none is.
  /// - Throws: `TensorError` where the window does not fit.
  func pooledGradient(_ g: Tensor, x: Tensor, mask: Mask) throws(TensorError) -> Tensor
}

extension MaxPool: PoolWithDropout {
  public func pooled(
    _ x: Tensor, _ dropout: Dropout, mask: Mask, mode: Mode
  ) throws(TensorError) -> Tensor {
    let shape = try attributes.outputShape(x.shape)
    let pooling = try attributes.pooling(over: x.shape)
    let planes = try attributes.window.planes(of: x.shape, in: MaxPool.opType)
    switch mode {
    case .train:
      var y = try pooling.max(try hidden(x, mask, planes))
      y.changeChunks { y in for i in y.indices { y[i] = y[i] == -.infinity ? 0 : y[i] } }
      return try y.reshaped(to: shape)
    case .eval:
      return try pooling.overWindows(try x.reshaped(to: planes), in: MaxPool.opType) {
        MaxPoolDropout.expected($0, rate: dropout.rate)
      }.reshaped(to: shape)
    }
  }

  public func pooledGradient(
    _ g: Tensor, x: Tensor, mask: Mask
  ) throws(TensorError) -> Tensor {
    let pooling = try attributes.pooling(over: x.shape)
    let planes = try attributes.window.planes(of: x.shape, in: MaxPool.opType)
    let hidden = try hidden(x, mask, planes)
    let y = try pooling.max(hidden)
    let chosen = try pooling.maxGradient(try g.reshaped(to: y.shape), x: hidden, y: y)
    // Where nothing is kept all cells are equal, and one of the dropped was chosen.
    return try Transfer().gradient(chosen, kept: mask.kept).reshaped(to: x.shape)
  }

  /// x with −∞ in dropped cells, so that no pool chooses them.
  private func hidden(_ x: Tensor, _ mask: Mask, _ planes: Shape) throws(TensorError) -> Tensor {
    var hidden = try x.reshaped(to: planes)
    hidden.changeChunks(reading: mask.kept) { x, kept in
      for i in x.indices { x[i] = kept[i] ? x[i] : -.infinity }
    }
    return hidden
  }
}
