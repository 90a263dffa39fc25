import Masks
import TensorCore

/// What a pool may choose from: a mask that is drawn at a site and leaves the value alone. Output 0 is
/// what is kept.
struct DrawnMask: Dropping, Placed {
  var dropout: Dropout

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let layout = try Layout.channelsFirst(inputs.tensor(0).shape)
    return [.bool(try dropout.mask(layout: layout, stream: context.stream).kept)]
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] { pass.none }

  func mask(of made: [Value]) throws(TensorError) -> Mask? {
    guard case .bool(let kept)? = made.first else { return nil }
    return Mask(layout: try Layout.channelsFirst(kept.shape), kept: kept)
  }
}

/// A pool that chooses from what dropout leaves: in training from what the mask, its last input, keeps;
/// at evaluation it gives the mean over all masks.
struct DroppedPool: Placed {
  let pool: any PoolWithDropout
  var dropout: Dropout

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let mask =
      context.mode == .train
      ? try mask(inputs, x.shape) : Mask(layout: try Layout.channelsFirst(x.shape))
    return [.float32(try pool.pooled(x, dropout, mask: mask, mode: context.mode))]
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let gradient = try pass.takeGradient()
    let x = try pass.inputs.tensor(0)
    let mask = try mask(pass.inputs, x.shape)
    return [try pool.pooledGradient(gradient, x: x, mask: mask), nil]
  }

  private func mask(_ inputs: Inputs<Value>, _ shape: Shape) throws(TensorError) -> Mask {
    guard case .bool(let kept)? = inputs.optional(inputs.count - 1) else {
      throw TensorError(inputs.opType, expected: "a mask", found: "none")
    }
    return Mask(layout: try Layout.channelsFirst(shape), kept: kept)
  }
}
