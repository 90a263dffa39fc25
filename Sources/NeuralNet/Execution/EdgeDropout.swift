import Masks
import TensorCore

/// Dropout on an edge as a step of a run. Beside what is left it makes the mask, for the backward pass:
/// output 1 is what is kept, output 2 the noise where there is any.
struct EdgeDropout: Computation {
  let dropout: Dropout
  /// Whether samples and what is in one are all that is asked of the shape: elements of any array can
  /// be dropped each by itself.
  let anyRank: Bool

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let layout = try layout(x.shape)
    guard context.mode == .train else {
      return [.float32(dropout.apply(x, mask: Mask(layout: layout), mode: .eval))]
    }
    let (y, mask) = try dropout.drop(
      x, layout: layout, stream: context.stream, threads: Parallel.threads)
    let made: [Value] = [.float32(y), .bool(mask.kept)]
    return made + (mask.noise.map { [.float32($0)] } ?? [])
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let gradient = try pass.takeGradient()
    guard case .bool(let kept)? = pass.outputs.dropFirst().first else { return [gradient] }
    let noise = pass.outputs.count > 2 ? try pass.output(2) : nil
    let mask = Mask(layout: try layout(gradient.shape), kept: kept, noise: noise)
    return [dropout.backward(gradient, mask: mask)]
  }

  private func layout(_ shape: Shape) throws(TensorError) -> Layout {
    guard anyRank else { return try Layout.channelsFirst(shape) }
    return try Layout.channelsFirst([shape.dims.first ?? 1, shape.dims.dropFirst().reduce(1, *)])
  }
}
