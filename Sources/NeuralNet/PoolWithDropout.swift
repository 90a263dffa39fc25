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
      let hidden = Tensor(planes, zip(x.elements, mask.kept.elements).map { $1 ? $0 : -.infinity })
      let y = try pooling.max(hidden)
      return try y.map { $0 == -.infinity ? 0 : $0 }.reshaped(to: shape)
    case .eval:
      return try pooling.overWindows(try x.reshaped(to: planes), in: MaxPool.opType) {
        MaxPoolDropout.expected($0, rate: dropout.rate)
      }.reshaped(to: shape)
    }
  }
}
