import Masks
import Synchronization
import TensorCore
import Testing

@testable import Insight

@Suite struct MetersTests {
  private static func meters(
    _ x: Tensor, _ mask: Mask, _ p: Double, _ scaling: Scaling = .inverted, mode: Mode = .train
  ) -> Meters {
    let dropout = Dropout(ManualDropout(mask), rate: Rate(clamping: p), scaling: scaling)
    return Meters(
      clean: x, dropped: dropout.apply(x, mask: mask, mode: mode), mask: mask, rate: dropout.rate,
      scaling: scaling, mode: mode)
  }

  @Test func aConstantMap() {
    let (x, layout) = Hand.constant
    // Half of the cells in the pattern of a checkerboard: each has kept neighbours.
    let dropped = Set((0..<64).filter { ($0 / 8 + $0 % 8) % 2 == 0 })
    let meters = MetersTests.meters(x, Hand.mask(layout, dropped: dropped), 0.5)
    #expect(meters.waste.droppedLive == 32 && meters.waste.droppedZero == 0)
    #expect((meters.waste.massRemoved, meters.waste.energyRemoved) == (0.5, 0.5))
    #expect(meters.recoverability.value == 1)
    #expect(meters.autocorrelation == nil)
    #expect(meters.moments.mean == 1)
    // There was no variance to compare with.
    #expect(meters.moments.variance == nil)
    #expect((meters.moments.before.sparsity, meters.moments.after.sparsity) == (0, 0.5))
    #expect(meters.pooled == nil)
    // p/(1−p)·Σx² = 64·9.
    #expect(meters.spectra.noiseFloor == 576)
    // A checkerboard of 0 and 6 has its mean's power and all the rest at the fastest frequency.
    let power = meters.spectra.dropped.power
    #expect(abs(power[0] - 192 * 192) < 1 && abs(power[6] - 192 * 192) < 1)
    #expect(power[1..<6].allSatisfy { $0 < 1e-2 })
  }

  @Test func aCheckerboard() throws {
    let (x, layout) = Hand.checkerboard
    let meters = MetersTests.meters(x, Hand.mask(layout, dropped: [9, 20, 46]), 0.25)
    #expect(meters.recoverability.value == -3)
    #expect(abs(try #require(meters.autocorrelation) + 1) < 1e-12)
    // Its mean is 0: nothing to divide by.
    #expect(meters.moments.mean == nil)
    // 61 of 64 cells of ±4/3 around a mean of (31 − 30)·(4/3)/64, or with the other sign.
    let mean = 4.0 / 3 / 64
    let variance = 61.0 / 64 * 16 / 9 - mean * mean
    #expect(abs(try #require(meters.moments.variance) - variance) < 1e-6)
  }

  @Test func aSpikeDropped() {
    let (x, layout) = Hand.spike
    let meters = MetersTests.meters(x, Hand.mask(layout, dropped: [3 * 8 + 4, 0, 1, 2]), 0.5)
    #expect(meters.waste.wasted == 0.75)
    #expect((meters.waste.massRemoved, meters.recoverability.value) == (1, 0))
    #expect((meters.moments.mean, meters.moments.variance) == (0, 0))
    #expect(meters.spectra.dropped.power.allSatisfy { $0 == 0 })
  }

  @Test func scalingMovesTheFloor() {
    let (x, layout) = Hand.spike
    let mask = Mask(layout: layout)
    let floors = [Scaling.inverted, .none, .weight].map {
      MetersTests.meters(x, mask, 0.2, $0).spectra
    }
    // Σx² = 25; p/(1−p) = .25, p·(1−p) = .16, (1−p)² = .64.
    for (spectra, floor) in zip(floors, [6.25, 4, 4]) {
      #expect(abs(spectra.noiseFloor - floor) < 1e-12)
    }
    #expect(zip(floors.map(\.expectedGain), [1, 0.64, 0.64]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func evaluationAndTheEndsOfTheRateHaveNoFloor() {
    let (x, layout) = Hand.spike
    let mask = Mask(layout: layout)
    #expect(MetersTests.meters(x, mask, 0.5, mode: .eval).spectra.noiseFloor == 0)
    #expect(MetersTests.meters(x, mask, 0).spectra.noiseFloor == 0)
    let none = Mask(layout: layout, allKept: false)
    #expect(MetersTests.meters(x, none, 1).spectra.noiseFloor == 0)
    #expect(MetersTests.meters(x, none, 1).moments.mean == 0)
  }

  @Test func mapsThatAreNotFiniteHaveNoRatios() {
    for odd in [Float.nan, .infinity] {
      let (x, layout) = Hand.map(4, 4) { $0 == 1 && $1 == 1 ? odd : 1 }
      let meters = MetersTests.meters(x, Hand.mask(layout, dropped: [0, 5]), 0.5)
      #expect(meters.recoverability.value == nil)
      #expect(meters.autocorrelation == nil)
      #expect(meters.moments.mean == nil && meters.moments.variance == nil)
      #expect(meters.waste.droppedLive == 2)
      #expect(meters.waste.massRemoved.isNaN && meters.waste.energyRemoved.isNaN)
    }
  }

  @Test func emptyAndTinyMaps() {
    for (h, w) in [(0, 0), (1, 1), (1, 7), (2, 1)] {
      let layout = Layout(n: 1, c: 3, h: h, w: w)
      let x = Tensor(layout.shape, repeating: 2)
      let meters = MetersTests.meters(x, Mask(layout: layout, allKept: false), 0.5)
      #expect(meters.waste.dropped == layout.count)
      #expect(meters.recoverability.value == (layout.count == 0 ? nil : 0))
      #expect(meters.spectra.clean.power.count == (h * w == 0 ? 0 : max(h, w) / 2 + 1))
    }
  }

  @Test func aRowHasItsOwnFrequencies() {
    let layout = Layout(n: 1, c: 1, h: 1, w: 8)
    let spectrum = Spectrum(
      Tensor(layout.shape, [1, -1, 1, -1, 1, -1, 1, -1]), layout: layout)
    #expect(spectrum.counts == [1, 2, 2, 2, 1])
    #expect(abs(spectrum.power[4] - 64) < 1e-3)
    #expect(abs(spectrum.mean(over: 3..<5) - 64.0 / 3) < 1e-3)
    #expect(spectrum.mean(over: 2..<2) == 0)
  }

  @Test func parseval() {
    let (x, layout) = Hand.noise(13, seed: 5)
    let spectrum = Spectrum(x, layout: layout)
    let energy = x.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(spectrum.counts.reduce(0, +) == 169)
    #expect(abs(spectrum.mean(over: 0..<spectrum.power.count) / energy - 1) < 1e-5)
  }

  @Test func aLazyValueIsMadeOnceForAllItsCopies() {
    let made = Mutex(0)
    let lazy = Lazy { made.withLock { $0 += 1 } }
    #expect(made.withLock { $0 } == 0)
    let copy = lazy
    for each in [lazy, copy, lazy] { each.value }
    #expect(made.withLock { $0 } == 1)
  }
}
