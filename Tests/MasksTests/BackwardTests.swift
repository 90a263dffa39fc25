import Masks
import TensorCore
import Testing

/// Gradients through masks: rules 1, 5 and 10.
struct BackwardTests {
  private static let layout = Layout(n: 3, c: 4, h: 5, w: 6)

  /// A gradient of numbers from −1 to 1.
  private func gradient(_ layout: Layout) -> Tensor { activation(layout, seed: 8) }

  /// What becomes of each cell depends on no other, so one pass moves them all. The step is a power of
  /// two and what becomes of a cell is linear: only rounding is in the way.
  @Test(arguments: kindsOnActivations)
  func differences(name: String) throws {
    let (x, g) = (activation(Self.layout), gradient(Self.layout))
    for p in rates {
      for scaling in Scaling.allCases {
        for mode in Mode.allCases {
          let dropout = Dropout(
            try kind(name, for: Self.layout), rate: rate(p), scaling: scaling)
          let mask = try dropout.mask(layout: Self.layout, stream: RandomStream(seed: 3))
          let high = dropout.apply(x.map { $0 + 0.25 }, mask: mask, mode: mode)
          let low = dropout.apply(x.map { $0 - 0.25 }, mask: mask, mode: mode)
          let found = dropout.backward(g, mask: mask, mode: mode)
          #expect(found.shape == x.shape)
          let wrong = (0..<x.count).filter { i in
            let width = Double(x[i] + 0.25) - Double(x[i] - 0.25)
            let slope = (Double(high[i]) - Double(low[i])) / width
            // Also fails for NaN.
            return !(abs(Double(found[i]) - Double(g[i]) * slope) <= 4e-6 * (1 + abs(slope)))
          }
          #expect(wrong.isEmpty, "p \(p), \(scaling), \(mode)")
        }
      }
    }
  }

  /// Whatever comes in, nothing comes out of a dropped cell.
  @Test(arguments: kindsOnActivations)
  func droppedGetExactlyZero(name: String) throws {
    for value in [Float.infinity, -.infinity, .nan] {
      let g = Tensor(Self.layout.shape, repeating: value)
      for p in [0.3, 1] {
        let dropout = Dropout(try kind(name, for: Self.layout), rate: rate(p))
        let mask = try dropout.mask(layout: Self.layout, stream: RandomStream(seed: 3))
        let found = dropout.backward(g, mask: mask)
        if p == 1 { #expect(mask.dropped == Self.layout.count) }
        let isZero = (0..<g.count).allSatisfy { mask.kept[$0] || found[$0].bitPattern == 0 }
        #expect(isZero, "\(value) at \(p)")
        let passes = (0..<g.count).allSatisfy { !mask.kept[$0] || !found[$0].isFinite }
        #expect(passes, "\(value) at \(p)")
      }
    }
  }

  @Test(arguments: kindsOnActivations)
  func rateZeroChangesNoBit(name: String) throws {
    var g = gradient(Self.layout)
    (g[0], g[1], g[2]) = (.nan, .infinity, -0.0)
    let dropout = Dropout(try kind(name, for: Self.layout), rate: rate(0))
    let mask = try dropout.mask(layout: Self.layout, stream: RandomStream(seed: 3))
    expectSame(dropout.backward(g, mask: mask), g)
    expectSame(dropout.backward(g, mask: mask, mode: .eval), g)
  }

  /// A kept zero still passes its gradient on: the mask decides, not the output.
  @Test func theStoredMaskDecides() throws {
    let dropout = Dropout(ElementDropout(), rate: rate(0.5))
    let (y, mask) = try dropout.drop(
      Tensor(Self.layout.shape, repeating: 0), stream: RandomStream(seed: 5))
    #expect(y.elements.allSatisfy { $0 == 0 })
    let found = dropout.backward(Tensor(Self.layout.shape, repeating: 1), mask: mask)
    #expect(found.elements == mask.kept.elements.map { $0 ? 2 : 0 })
  }

  @Test func manualMasks() throws {
    let layout = Layout(n: 1, c: 1, h: 1, w: 3)
    let mask = Mask(layout: layout, kept: NDArray(layout.shape, [true, false, true]))
    let dropout = Dropout(ManualDropout(mask), rate: rate(0.5))
    let g = Tensor(layout.shape, [1, 2, 3])
    #expect(dropout.backward(g, mask: mask).elements == [2, 0, 6])
    // The rate scales; what is dropped is the user's.
    let unscaled = Dropout(ManualDropout(mask), rate: rate(0))
    #expect(unscaled.backward(g, mask: mask).elements == [1, 0, 3])
  }

  @Test(arguments: ["element", "gaussian", "alpha", "block", "path"])
  func threads(name: String) throws {
    let layout = Layout(n: 3, c: 5, h: 131, w: 139)
    let dropout = Dropout(try kind(name, for: layout), rate: rate(0.3))
    let mask = try dropout.mask(layout: layout, stream: RandomStream(seed: 3))
    let g = gradient(layout)
    let single = Parallel.$threads.withValue(1) { dropout.backward(g, mask: mask) }
    for threads in [2, 5] {
      expectSame(
        Parallel.$threads.withValue(threads) { dropout.backward(g, mask: mask) }, single)
    }
  }

  /// y = W·x, a mask a batch or a sample: the gradient by W through what `drop(weights:)` made of it,
  /// against differences with the masks held.
  @Test(arguments: WeightMode.allCases)
  func droppedWeights(mode: WeightMode) throws {
    let (o, i, samples) = (3, 4, 5)
    let dropout = Dropout(WeightDropout(mode), rate: rate(0.4))
    let w = activation(Layout(n: o, c: i, h: 1, w: 1))
    let weights = try w.reshaped(to: [o, i])
    let x = activation(Layout(n: samples, c: i, h: 1, w: 1), seed: 2)
    let g = activation(Layout(n: samples, c: o, h: 1, w: 1), seed: 3)
    let stream = RandomStream(seed: 6)
    let mask = try dropout.drop(weights: weights, samples: samples, stream: stream).mask
    let masks = mode == .perBatch ? 1 : samples
    #expect(mask.layout.n == masks && mask.dropped > 0 && mask.dropped < mask.layout.count)

    func loss(_ weights: Tensor) throws -> Double {
      let dropped = try dropout.drop(weights: weights, samples: samples, stream: stream).weights
      var sum = 0.0
      for n in 0..<samples {
        for row in 0..<o {
          for column in 0..<i {
            let weight = dropped[((masks == 1 ? 0 : n) * o + row) * i + column]
            sum += Double(g[n * o + row]) * Double(weight) * Double(x[n * i + column])
          }
        }
      }
      return sum
    }
    var copies = Tensor([masks, o, i], repeating: 0)
    for n in 0..<samples {
      for row in 0..<o {
        for column in 0..<i {
          let at = ((masks == 1 ? 0 : n) * o + row) * i + column
          copies[at] += g[n * o + row] * x[n * i + column]
        }
      }
    }
    let found = try dropout.backward(weights: copies, mask: mask)
    #expect(found.shape == [o, i])
    for at in 0..<weights.count {
      var (low, high) = (weights, weights)
      low[at] -= 0.25
      high[at] += 0.25
      let numeric = (try loss(high) - loss(low)) / (Double(high[at]) - Double(low[at]))
      #expect(abs(Double(found[at]) - numeric) < 1e-5, "weight \(at)")
      let isDead = (0..<masks).allSatisfy { !mask.kept[$0 * o * i + at] }
      if isDead { #expect(found[at] == 0) }
    }
  }

  @Test func weightsWhereThereAreNone() throws {
    let dropout = Dropout(WeightDropout(), rate: rate(0.4))
    let mask = try dropout.drop(
      weights: Tensor([2, 3], repeating: 1), samples: 1, stream: RandomStream(seed: 1)
    ).mask
    let error = #expect(throws: TensorError.self) {
      try dropout.backward(weights: Tensor([2, 3], repeating: 1), mask: mask)
    }
    #expect(
      error?.description
        == "weight: expected a gradient of weights under a mask of [1,2,3,1], found [2,3]")
  }
}
