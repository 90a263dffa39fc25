import Masks
import TensorCore
import Testing
import TestSupport

/// Kinds that act on weights, inside a pool or on the input.
struct OtherTargetTests {
  @Test func targets() throws {
    let special = KindRegistry.all().filter { $0.target != .activation }
    #expect(
      special.map(\.name)
        == ["max-pool", "weight", "recurrent", "embedding", "attention", "cutout"])
    #expect(
      special.map(\.target)
        == [.pool, .weights, .recurrentWeights, .embedding, .attention, .input])
  }

  @Test func weightsPerBatchAndPerSample() throws {
    let w = Tensor([4, 3, 2, 2], (1...48).map(Float.init))
    let stream = RandomStream(seed: 2, site: 6, sample: 10)
    let shared = try Dropout(WeightDropout(.perBatch), rate: rate(0.25))
      .drop(weights: w, samples: 5, stream: stream)
    #expect(shared.weights.shape == [1, 4, 3, 2, 2])
    let own = try Dropout(WeightDropout(.perSample), rate: rate(0.25))
      .drop(weights: w, samples: 5, stream: stream)
    #expect(own.weights.shape == [5, 4, 3, 2, 2])
    for (dropped, mask) in [shared, own] {
      #expect(mask.dropped > 0 && mask.dropped < mask.layout.count)
      for i in 0..<dropped.count {
        #expect(dropped[i] == (mask.kept[i] ? w[i % 48] * Float(1 / 0.75) : 0))
      }
    }
    // The first sample's mask is the batch's; others differ, and are those of their own sample.
    expectSame(own.mask.sample(0), shared.mask)
    for n in 1..<5 {
      #expect(own.mask.sample(n) != shared.mask)
      let alone = try Dropout(WeightDropout(.perSample), rate: rate(0.25))
        .drop(weights: w, samples: 1, stream: stream.ofSample(n))
      expectSame(own.mask.sample(n), alone.mask)
    }
    let dense = try Dropout(WeightDropout(.perBatch), rate: rate(1))
      .drop(weights: Tensor([2, 3], repeating: .nan), samples: 1, stream: stream)
    #expect(dense.weights.elements == [Float](repeating: 0, count: 6))
    let whole = try Dropout(WeightDropout(.perSample), rate: rate(0))
      .drop(weights: w, samples: 2, stream: stream)
    #expect(whole.weights.elements == w.elements + w.elements)
  }

  @Test func weightsWhereThereAreNone() throws {
    let weight = Dropout(WeightDropout(), rate: rate(0.5))
    let error = #expect(throws: TensorError.self) {
      try weight.drop(Tensor([1, 2, 3, 3], repeating: 1), stream: RandomStream(seed: 1))
    }
    #expect(
      error?.description
        == "weight: expected a node with weights (Conv, Gemm, LSTM), found an activation [1,2,3,3]")
    let bias = #expect(throws: TensorError.self) {
      try weight.drop(weights: Tensor([4], repeating: 1), samples: 1, stream: RandomStream(seed: 1))
    }
    #expect(bias?.description == "weight: expected weights of 2 or more dimensions, found [4]")
    let other = #expect(throws: TensorError.self) {
      try Dropout(ElementDropout(), rate: rate(0.5))
        .drop(weights: Tensor([4, 4], repeating: 1), samples: 1, stream: RandomStream(seed: 1))
    }
    #expect(other?.description == "element: expected an activation, found weights [4,4]")
  }

  /// Rank k is chosen with (1−p)pᵏ: by its numbers, and among 4,000 windows within 4 standard errors.
  @Test(arguments: [0.1, 0.5, 0.9])
  func ranksOfMaxPool(p: Double) throws {
    let chances = MaxPoolDropout.probabilities(cells: 4, rate: rate(p))
    #expect(abs(chances.reduce(0, +) + p * p * p * p - 1) < 1e-15)
    let window: [Float] = [3, 9, -1, 5]
    let ranks = [2, 0, 3, 1]
    let layout = Layout(n: 1, c: 4000, h: 2, w: 2)
    let kept = try Dropout(MaxPoolDropout(), rate: rate(p))
      .mask(layout: layout, stream: RandomStream(seed: 6)).kept.elements
    var counts = [Int](repeating: 0, count: 5)
    for i in 0..<4000 {
      let (value, chosen) = MaxPoolDropout.pool(window, kept: Array(kept[4 * i..<4 * i + 4]))
      #expect(value == chosen.map { window[$0] } ?? 0)
      counts[chosen.map { ranks[$0] } ?? 4] += 1
    }
    for (count, q) in zip(counts, chances + [p * p * p * p]) {
      let error = (q * (1 - q) / 4000).squareRoot()
      #expect(abs(Double(count) / 4000 - q) <= 4 * error)
    }
  }

  /// The expectation by going through all masks: make_kinds_numpy.py.
  @Test func expectationOfMaxPool() throws {
    let lines = try Golden.lines("kinds_numpy.txt").filter { $0.hasPrefix("pool") }
    #expect(lines.count == 25)
    for line in lines {
      let parts = line.split(separator: "=")
      let numbers = parts[0].split(separator: " ").dropFirst().compactMap { Double(String($0)) }
      let found = MaxPoolDropout.expected(
        numbers.dropFirst().map(Float.init), rate: rate(numbers[0]))
      let expected = try #require(Double(String(parts[1].filter { $0 != " " })))
      #expect(abs(Double(found) - expected) < 1e-6, "\(line)")
    }
    #expect(MaxPoolDropout.expected([-.infinity, 2, .infinity], rate: rate(1)) == 0)
    #expect(MaxPoolDropout.expected([-.infinity, 2], rate: rate(0)) == 2)
    #expect(MaxPoolDropout.expected([1, .nan], rate: rate(0)).isNaN)
    #expect(MaxPoolDropout.expected([], rate: rate(0.5)) == 0)
    #expect(MaxPoolDropout.pool([.nan, 2, 3], kept: [false, true, true]).value == 3)
    #expect(MaxPoolDropout.pool([1, .nan, 3], kept: [true, true, true]).chosen == 1)
    #expect(MaxPoolDropout.pool([1, 2], kept: [false, false]).chosen == nil)
  }

  /// One rectangle a sample, the same in all channels, of the area p·H·W but for rounding, inside
  /// the map; centres all over it.
  @Test func cutoutIsOneSquare() throws {
    let layout = Layout(n: 60, c: 2, h: 12, w: 9)
    for p in [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 1] {
      let size = CutoutDropout.size(rate: rate(p), layout: layout)
      let side = (p * 108).squareRoot()
      #expect(abs(Double(size.h * size.w) - p * 108) <= max(side + 0.25, 4.5))
      if side <= 9 { #expect(size.h == size.w) }
      let mask = try Dropout(CutoutDropout(), rate: rate(p))
        .mask(layout: layout, stream: RandomStream(seed: 4))
      var corners: Set<[Int]> = []
      for n in 0..<60 {
        let cells = (0..<12).flatMap { y in (0..<9).map { x in (y, x) } }
          .filter { !mask.isKept(n: n, c: 0, y: $0.0, x: $0.1) }
        #expect(cells.count == size.h * size.w)
        #expect(mask.dropped(n: n, c: 1) == cells.count)
        for (y, x) in cells { #expect(!mask.isKept(n: n, c: 1, y: y, x: x)) }
        guard let first = cells.first, let last = cells.last else { continue }
        #expect(last.0 - first.0 + 1 == size.h && last.1 - first.1 + 1 == size.w)
        corners.insert([first.0, first.1])
      }
      if p < 0.5 { #expect(corners.count > 20) }
    }
    #expect(
      CutoutDropout().settings(rate: rate(0.5), layout: Layout(n: 1, c: 1, h: 26, w: 26))
        == "cutout 18×18 (input augmentation)")
  }

  /// Wherever it fits, the square lies around the cell ⌊u·H·W⌋; at the border it is moved inside.
  @Test func cutoutLiesAroundItsCentre() throws {
    let layout = Layout(n: 1, c: 1, h: 9, w: 7)
    let side = 3
    for centre in 0..<63 {
      let u = (Float(centre) + 0.5) / 63
      let field = Field(units: Layout(n: 1, c: 1, h: 1, w: 1), u: Tensor([1, 1, 1, 1], [u]))
      let mask = try CutoutDropout().mask(field, rate: rate(9.0 / 63), layout: layout)
      let y = min(max(0, centre / 7 - 1), 9 - side)
      let x = min(max(0, centre % 7 - 1), 7 - side)
      var expected = NDArray(layout.shape, repeating: true)
      for row in y..<y + side { for column in x..<x + side { expected[row * 7 + column] = false } }
      expectSame(mask, Mask(layout: layout, kept: expected), "centre \(centre)")
    }
  }

  /// Values outside are what they were, whatever the scaling.
  @Test func cutoutScalesNothing() throws {
    let layout = Layout(n: 2, c: 3, h: 8, w: 8)
    let x = activation(layout)
    for scaling in Scaling.allCases {
      let (y, mask) = try Dropout(CutoutDropout(), rate: rate(0.5), scaling: scaling)
        .drop(x, stream: RandomStream(seed: 4))
      let expected = zip(x.elements, mask.kept.elements).map { $1 ? $0 : 0 }
      expectSame(y, Tensor(x.shape, expected))
    }
  }
}
