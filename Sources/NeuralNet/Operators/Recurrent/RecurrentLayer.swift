import TensorCore

/// One direction of a recurrent layer with its numbers, in the order in which its steps are gone through.
public struct RecurrentLayer: Sendable {
  let sizes: RecurrentRule.Sizes
  let isReverse: Bool
  let isBatchFirst: Bool
  let activations: [RecurrentActivation]
  let clip: Float
  /// How many steps each sequence has.
  let lengths: [Int]
  /// X `[S·N,I]`: by step, then by sample.
  let x: Tensor
  /// `[G·H,I]`.
  let w: Tensor
  /// `[G·H,H]`.
  let r: Tensor
  /// Biases of the input and the recurrent product, `[G·H]`; zeros without.
  let (inputBias, recurrentBias): (Tensor, Tensor)
  /// `[N,H]`; zeros without.
  let (hidden, cells): (Tensor, Tensor)
  /// Peepholes of the input, output and forget gate, `[3·H]`.
  let peepholes: Tensor?

  init(
    _ inputs: Inputs<Value>, _ rule: RecurrentRule, _ sizes: RecurrentRule.Sizes, direction: Int
  ) throws(TensorError) {
    self.sizes = sizes
    isReverse = rule.directions[direction].isReverse
    isBatchFirst = rule.isBatchFirst
    activations = rule.directions[direction].activations
    clip = rule.clip
    lengths =
      inputs.optional(4) == nil
      ? [Int](repeating: sizes.steps, count: sizes.samples)
      : try RecurrentLayer.lengths(try inputs.integers(4), sizes, in: inputs.opType)
    let own = inputs
    func part(_ index: Int, _ shape: Shape, from start: Int = 0) throws(TensorError) -> Tensor? {
      guard let all = try own.optionalTensor(index) else { return nil }
      if all.count == shape.count { return all.laid(as: shape) }
      let offset = direction * (all.count / max(1, sizes.directions)) + start
      return all.gathered(StridedView(shape, offset: offset, strides: shape.strides))
    }
    func state(_ index: Int) throws(TensorError) -> Tensor {
      let shape: Shape = [sizes.samples, sizes.hidden]
      guard let all = try own.optionalTensor(index) else { return Tensor(shape, repeating: 0) }
      return all.gathered(
        RecurrentLayer.stateView(sizes, isBatchFirst: rule.isBatchFirst, direction))
    }
    let (width, h) = (sizes.gateWidth, sizes.hidden)
    w = try part(1, [width, sizes.inputs]) ?? Tensor([width, sizes.inputs], repeating: 0)
    r = try part(2, [width, h]) ?? Tensor([width, h], repeating: 0)
    inputBias = try part(3, [width]) ?? Tensor([width], repeating: 0)
    recurrentBias = try part(3, [width], from: width) ?? Tensor([width], repeating: 0)
    hidden = try state(5)
    cells = try state(6)
    peepholes = try part(7, [3 * h])
    x = RecurrentLayer.steps(
      try inputs.tensor(0), width: sizes.inputs, sizes: sizes, lengths: lengths,
      isReverse: isReverse, isBatchFirst: rule.isBatchFirst)
  }

  /// The lengths of the sequences.
  /// - Throws: `TensorError` where one is beyond the steps there are.
  static func lengths(
    _ given: NDArray<Int64>, _ sizes: RecurrentRule.Sizes, in name: String
  ) throws(TensorError) -> [Int] {
    guard given.elements.allSatisfy({ (0...Int64(sizes.steps)).contains($0) }) else {
      throw TensorError(
        name, expected: "lengths of sequences from 0 to \(sizes.steps)", found: "\(given.elements)")
    }
    return given.elements.map(Int.init)
  }

  private static func stateView(
    _ s: RecurrentRule.Sizes, isBatchFirst: Bool, _ direction: Int
  ) -> StridedView {
    let shape: Shape = [s.samples, s.hidden]
    return isBatchFirst
      ? StridedView(shape, offset: direction * s.hidden, strides: [s.directions * s.hidden, 1])
      : StridedView(shape, offset: direction * shape.count, strides: [s.hidden, 1])
  }

  /// Numbers by time and sample in the order of the steps, `[S·N,width]`: of a reversed sequence its
  /// last step first, and zeros behind its end.
  private static func steps(
    _ x: Tensor, width: Int, sizes: RecurrentRule.Sizes, lengths: [Int], isReverse: Bool,
    isBatchFirst: Bool
  ) -> Tensor {
    let (t, n) = (sizes.steps, sizes.samples)
    let isWhole = lengths.allSatisfy { $0 == t }
    let shape: Shape = [t * n, width]
    if isWhole, !isReverse {
      return x.gathered(
        StridedView(
          [t, n, width],
          strides: isBatchFirst ? [width, t * width, 1] : [n * width, width, 1])
      ).laid(as: shape)
    }
    return x.withElements { x in
      Tensor(shape) { out in
        for step in 0..<t {
          for sample in 0..<n {
            let to = (step * n + sample) * width
            let time = step < lengths[sample] ? isReverse ? lengths[sample] - 1 - step : step : nil
            guard let time else {
              for i in 0..<width { out[to + i] = 0 }
              continue
            }
            let from = (isBatchFirst ? sample * t + time : time * n + sample) * width
            for i in 0..<width { out[to + i] = x[from + i] }
          }
        }
      }
    }
  }

  /// Where the numbers of a step and a sample stand in Y; nil behind the end of the sequence.
  private func offset(_ step: Int, _ sample: Int, direction: Int) -> Int? {
    guard step < lengths[sample] else { return nil }
    let time = isReverse ? lengths[sample] - 1 - step : step
    let (s, d) = (sizes, direction)
    return isBatchFirst
      ? ((sample * s.steps + time) * s.directions + d) * s.hidden
      : ((time * s.directions + d) * s.samples + sample) * s.hidden
  }

  /// Puts the hidden states after each step, `[(S+1)·N,H]` with the first one before all, into Y.
  func place(_ states: Tensor, into y: inout Tensor, direction: Int) {
    let (n, h) = (sizes.samples, sizes.hidden)
    states.withElements { states in
      y.withMutableElements { y in
        for step in 0..<sizes.steps {
          for sample in 0..<n {
            guard let to = offset(step, sample, direction: direction) else { continue }
            let from = ((step + 1) * n + sample) * h
            for i in 0..<h { y[to + i] = states[from + i] }
          }
        }
      }
    }
  }

  /// The gradient by Y in the order of the steps, `[S·N,H]`; zeros behind the ends.
  func steps(of y: Tensor?, direction: Int) -> Tensor {
    let (n, h) = (sizes.samples, sizes.hidden)
    var own = Tensor([sizes.steps * n, h], repeating: 0)
    guard let y else { return own }
    for step in 0..<sizes.steps {
      for sample in 0..<n {
        guard let from = offset(step, sample, direction: direction) else { continue }
        let to = (step * n + sample) * h
        own.withMutableElements { own in
          y.withElements { y in for i in 0..<h { own[to + i] = y[from + i] } }
        }
      }
    }
    return own
  }

  /// Puts the last states into an array of those of all directions.
  func placeState(_ states: Tensor, into all: inout Tensor, direction: Int) {
    let last: Shape = [sizes.samples, sizes.hidden]
    let own = states.gathered(
      StridedView(last, offset: sizes.steps * last.count, strides: last.strides))
    addState(own, to: &all, direction: direction)
  }

  /// Adds states `[N,H]` to those of all directions.
  func addState(_ states: Tensor, to all: inout Tensor, direction: Int) {
    all.add(
      states,
      through: RecurrentLayer.stateView(sizes, isBatchFirst: isBatchFirst, direction))
  }

  /// The gradient by a last state, `[N,H]`.
  func state(of all: Tensor?, direction: Int) -> Tensor {
    let view = RecurrentLayer.stateView(sizes, isBatchFirst: isBatchFirst, direction)
    return all?.gathered(view) ?? Tensor(view.shape, repeating: 0)
  }

  /// Adds a gradient in the order of the steps, `[S·N,I]`, to that by X.
  func addInput(_ steps: Tensor, to all: inout Tensor) {
    let (n, width) = (sizes.samples, sizes.inputs)
    steps.withElements { steps in
      all.withMutableElements { all in
        for step in 0..<sizes.steps {
          for sample in 0..<n where step < lengths[sample] {
            let time = isReverse ? lengths[sample] - 1 - step : step
            let to = (isBatchFirst ? sample * sizes.steps + time : time * n + sample) * width
            let from = (step * n + sample) * width
            for i in 0..<width { all[to + i] += steps[from + i] }
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The same elements under a shape of as many.
  func laid(as shape: Shape) -> Tensor {
    precondition(shape.count == count, "\(self.shape) as \(shape)")
    return (try? reshaped(to: shape)) ?? self
  }
}
