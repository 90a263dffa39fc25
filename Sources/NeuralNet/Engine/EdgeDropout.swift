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
  /// Of a dropout inside a node how many of the first axes are turns, of which it acts on one; nil for one on an
  /// edge of the graph itself.
  var turns: Int?

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let layout = try layout(x.shape)
    guard context.mode == .train || isLive else {
      return [.float32(dropout.apply(x, mask: Mask(layout: layout), mode: .eval))]
    }
    if let turns { return try drop(x, layout, ofTurns: turns, context) }
    let (y, mask) = try dropout.drop(
      x, layout: layout, stream: context.stream, threads: Parallel.threads)
    let made: [Value] = [.float32(y), .bool(mask.kept)]
    return made + (mask.noise.map { [.float32($0)] } ?? [])
  }

  /// Drops in one turn of what lies over turns: there is one of each for the kind to see. Turns that share no unit
  /// draw anew in each.
  private func drop(
    _ x: Tensor, _ layout: Layout, ofTurns turns: Int, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let seen = Layout(
      Shape(Array(repeating: 1, count: turns) + layout.shape.dims), axes(x.shape.rank + turns))
    let shares = try dropout.kind.sharesTurns(turns, of: seen.axes)
    let stream = shares ? context.stream : context.turns.reduce(context.stream) { $0.ofTurn($1) }
    let (y, mask) = try dropout.drop(
      try x.reshaped(to: seen.shape), layout: seen, stream: stream, threads: Parallel.threads)
    return [
      .float32(try y.reshaped(to: x.shape)), .bool(try mask.kept.reshaped(to: x.shape)),
    ]
      + (try mask.noise.map { noise throws(TensorError) in
        [.float32(try noise.reshaped(to: x.shape))]
      } ?? [])
  }

  /// The names of the axes of a value inside a node, those of turns first.
  private func axes(_ rank: Int) -> [Axis] {
    if let axes, axes.count == rank { return axes }
    return InnerValue.usualAxes(rank: rank, turns: turns ?? 0)
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
    if let turns { return Layout(shape, Array(axes(shape.rank + turns).dropFirst(turns))) }
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

extension DropoutKind {
  /// Whether cells at different turns share a unit.
  /// - Parameter axes: those of what is seen over all turns, which are the first
  /// - Throws: `TensorError` where the kind cannot act on such axes, or some cells share a unit over turns
  ///   and others do not.
  func sharesTurns(_ turns: Int, of axes: [Axis]) throws(TensorError) -> Bool {
    guard turns > 0 else { return false }
    // Large enough for blocks to show that they reach over turns.
    let many = 16
    let units = try units(of: Layout(Shape(axes.map { _ in many }), axes)).shape.dims.prefix(turns)
    if units.allSatisfy({ $0 == many }) { return false }
    guard units.allSatisfy({ $0 == 1 }) else {
      throw TensorError(
        name, expected: "a kind that drops each turn by itself, or all turns alike",
        found: "units over several turns of \(axes.text)")
    }
    return true
  }
}
