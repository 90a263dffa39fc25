import Masks
import TensorCore

/// A pool that chooses from what dropout leaves, as a step of a run. Output 1 is what was kept.
struct DroppedPool: Computation {
  let pool: any PoolWithDropout
  let dropout: Dropout

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let mask =
      context.mode == .train
      ? try dropout.mask(layout: try Layout.channelsFirst(x.shape), stream: context.stream)
      : Mask(layout: try Layout.channelsFirst(x.shape))
    let y = try pool.pooled(x, dropout, mask: mask, mode: context.mode)
    return [.float32(y), .bool(mask.kept)]
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let gradient = try pass.takeGradient()
    let x = try pass.inputs.tensor(0)
    guard case .bool(let kept)? = pass.outputs.dropFirst().first else {
      throw TensorError("pool", expected: "a mask", found: "none")
    }
    let mask = Mask(layout: try Layout.channelsFirst(x.shape), kept: kept)
    return [try pool.pooledGradient(gradient, x: x, mask: mask)]
  }
}
