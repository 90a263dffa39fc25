import Masks
import TensorCore

/// Dropout on an edge as a step of a plan. Beside what is left it makes the mask: output 1 is what is
/// kept, output 2 the noise where there is any.
struct EdgeDropout: Dropping {
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
      try x.reshaped(to: layout.shape), stream: context.stream, threads: Parallel.threads)
    let made: [Value] = [.float32(try y.reshaped(to: x.shape)), .bool(mask.kept)]
    return made + (mask.noise.map { [.float32($0)] } ?? [])
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let gradient = try pass.takeGradient()
    guard let mask = try mask(of: pass.outputs) else { return [gradient] }
    return [dropout.backward(gradient, mask: mask)]
  }

  func mask(of made: [Value]) throws(TensorError) -> Mask? {
    guard made.count > 1, case .bool(let kept) = made[1] else { return nil }
    return Mask(
      layout: try layout(made[0].shape), kept: kept, noise: made.count > 2 ? made[2].tensor : nil)
  }

  private func layout(_ shape: Shape) throws(TensorError) -> NCHW {
    guard anyRank else { return try NCHW(shape) }
    return NCHW(n: shape.dims.first ?? 1, c: shape.dims.dropFirst().reduce(1, *), h: 1, w: 1)
  }
}

/// What stands at a site instead of what a dropout makes of it: another library's answer.
struct Answer: Dropping {
  let output: Tensor
  let mask: Mask

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    [.float32(output)]
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    throw TensorError(
      "another library's dropout", expected: "a dropout that can be trained with", found: "a rule")
  }

  func mask(of made: [Value]) -> Mask? { mask }
}
