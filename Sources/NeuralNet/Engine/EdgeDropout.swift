import Masks
import TensorCore

/// Dropout on an edge as a step of a plan. Beside what is left it makes the mask: output 1 is what is
/// kept, output 2 the noise where there is any.
struct EdgeDropout: Dropping, Placed {
  var dropout: Dropout
  /// What the axes of the value are; nil where elements are dropped each by themselves, and samples and
  /// what is in one is all there is to know.
  let axes: [Axis]?
  /// Whether it acts at evaluation too, as the file writes it.
  var isLive = false

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let layout = try layout(x.shape)
    guard context.mode == .train || isLive else {
      return [.float32(dropout.apply(x, mask: Mask(layout: layout), mode: .eval))]
    }
    let (y, mask) = try dropout.drop(
      x, layout: layout, stream: context.stream, threads: Parallel.threads)
    let made: [Value] = [.float32(y), .bool(mask.kept)]
    return made + (mask.noise.map { [.float32($0)] } ?? [])
  }

  /// What is left, the uniforms and the noise in four bytes each, the mask in one.
  func price(_ inputs: Inputs<Value>) -> Price {
    Price(bytes: (inputs.optional(0)?.shape.count ?? 0).saturatingMultiplied(by: 13))
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

  private func layout(_ shape: Shape) throws(TensorError) -> Layout {
    if let axes, axes.count == shape.rank { return Layout(shape, axes) }
    if dropout.kind is SharedNoise {
      let axes = shape.dims.indices.map { $0 == 0 ? Axis(.sample) : .unknown }
      return Layout(shape, axes)
    }
    guard axes == nil || dropout.kind is ElementDropout else {
      throw TensorError(
        dropout.kind.name, expected: "axes with names", found: "\(shape), whose axes are not known")
    }
    return try .channelsFirst([shape.dims.first ?? 1, shape.dims.dropFirst().reduce(1, *)])
  }
}

/// Dropout whose cells share a unit along axes that a file gives by position: its noise has a size of 1
/// there.
struct SharedNoise: UnitwiseDropout {
  let shared: [Bool]

  init(_ shared: [Bool]) { self.shared = shared }

  let name = "noise shape"
  let summary = "cells that share noise in a file"

  func units(of layout: Layout) throws(TensorError) -> Layout {
    guard shared.count == layout.shape.rank else {
      throw TensorError(name, expected: "\(shared.count) axes", found: "\(layout)")
    }
    return layout.sharing(shared.indices.filter { shared[$0] })
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
