import Masks
import TensorCore
import Testing

/// What becomes of values, in training and at evaluation.
struct ScalingTests {
  /// Evaluation changes nothing for any kind, unless the scale was left to be made up for then.
  @Test(arguments: KindRegistry.names, rates)
  func evaluation(name: String, p: Double) throws {
    let layout = Layout(n: 2, c: 3, h: 4, w: 5)
    var x = activation(layout)
    x[7] = .infinity
    x[8] = .nan
    let mask = Mask(layout: layout, allKept: false)
    for scaling in Scaling.allCases {
      let y = Dropout(try kind(name), rate: rate(p), scaling: scaling)
        .apply(x, mask: mask, mode: .eval)
      if try scaling != .weight || p == 0 || !kind(name).takesScaling {
        expectSame(y, x)
      } else if p == 1 {
        expectSame(y, Tensor(x.shape, repeating: 0), "zeros, also for Inf and NaN")
      } else {
        expectSame(y, x.map { $0 * Float(1 - p) })
      }
    }
  }

  /// In training kept values are x/(1−p), or x itself; −0 stays −0.
  @Test(arguments: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9])
  func training(p: Double) throws {
    let layout = Layout(n: 1, c: 3, h: 5, w: 7)
    let x = activation(layout)
    for kind in [ElementDropout(), SpatialDropout()] as [any DropoutKind] {
      for scaling in Scaling.allCases {
        let (y, mask) = try Dropout(kind, rate: rate(p), scaling: scaling)
          .drop(x, stream: RandomStream(seed: 6))
        let factor = scaling == .inverted ? Float(1 / (1 - p)) : 1
        let expected = zip(x.elements, mask.kept.elements).map { $1 ? $0 * factor : 0 }
        expectSame(y, Tensor(x.shape, expected))
      }
    }
  }

  /// The expectation of inverted dropout in training is evaluation; with weight scaling the
  /// expectation of training is evaluation too, both times (1−p)·x.
  @Test func bothScalingsAgreeOnAverage() throws {
    let layout = Layout(n: 64, c: 8, h: 8, w: 8)
    let x = Tensor(layout.shape, repeating: 3)
    for scaling in [Scaling.inverted, .weight] {
      let dropout = Dropout(ElementDropout(), rate: rate(0.25), scaling: scaling)
      let (y, mask) = try dropout.drop(x, stream: RandomStream(seed: 10))
      let mean = y.elements.reduce(0) { $0 + Double($1) } / Double(y.count)
      let expected = Double(dropout.apply(x, mask: mask, mode: .eval)[0])
      let deviation = expected * (0.25 / 0.75 / Double(y.count)).squareRoot()
      #expect(abs(mean - expected) < 3 * deviation, "\(scaling)")
    }
  }

  /// A kind with a shift and a dropped value of its own, and another transfer for each sample.
  @Test func shiftsAndTransfersPerSample() throws {
    struct PerSample: DropoutKind {
      let name = "per-sample", summary = ""
      func units(of layout: Layout) -> Layout { layout }
      func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
        try ElementDropout().mask(field, rate: rate, layout: layout)
      }
      func realisedLaw(rate: Rate, layout: Layout) -> RealisedLaw {
        RealisedLaw(units: layout.count, rate: rate)
      }
      func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
        (0..<mask.layout.n).map { Transfer(scale: Float($0), shift: 0.5, dropped: -1 - Float($0)) }
      }
    }
    let layout = Layout(n: 3, c: 2, h: 2, w: 2)
    let x = activation(layout)
    let (y, mask) = try Dropout(PerSample(), rate: rate(0.5))
      .drop(x, stream: RandomStream(seed: 1))
    #expect(mask.dropped > 0 && mask.dropped < x.count)
    for i in 0..<x.count {
      let n = Float(i / 8)
      #expect(y[i] == (mask.kept[i] ? x[i] * n + 0.5 : -1 - n))
    }
  }
}
