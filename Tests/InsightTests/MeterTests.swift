import Insight
import Masks
import TensorCore
import Testing

/// Maps whose meters can be worked out by hand.
enum Hand {
  static func map(_ h: Int, _ w: Int, _ cell: (Int, Int) -> Float) -> (Tensor, Layout) {
    let layout = Layout(n: 1, c: 1, h: h, w: w)
    return (Tensor(layout.shape, (0..<h * w).map { cell($0 / w, $0 % w) }), layout)
  }

  static let constant = map(8, 8) { _, _ in 3 }
  static let checkerboard = map(8, 8) { ($0 + $1) % 2 == 0 ? 1 : -1 }
  static let spike = map(8, 8) { y, x in y == 3 && x == 4 ? 5 : 0 }
  static func noise(_ side: Int, seed: UInt64) -> (Tensor, Layout) {
    let stream = RandomStream(seed: seed)
    return map(side, side) { stream.uniform(at: $0 * side + $1) - 0.5 }
  }

  static func mask(_ layout: Layout, dropped: Set<Int>) -> Mask {
    Mask(
      layout: layout, kept: NDArray(layout.shape, (0..<layout.count).map { !dropped.contains($0) }))
  }
}

@Suite struct RecoverabilityTests {
  @Test func aConstantMapTellsEverything() {
    let (x, layout) = Hand.constant
    let meter = Recoverability(clean: x, mask: Hand.mask(layout, dropped: [9, 20, 63]))
    #expect(meter.value == 1)
    #expect(meter.filled == x)
  }

  @Test func aCheckerboardMisleads() {
    // Each dropped cell is filled with its opposite: the residual is 2x, its square 4x².
    let (x, layout) = Hand.checkerboard
    let meter = Recoverability(clean: x, mask: Hand.mask(layout, dropped: [9]))
    #expect(meter.value == -3)
  }

  @Test func aSpikeIsLost() {
    let (x, layout) = Hand.spike
    let meter = Recoverability(clean: x, mask: Hand.mask(layout, dropped: [3 * 8 + 4]))
    #expect(meter.value == 0)
    #expect(meter.residual[3 * 8 + 4] == 5)
  }

  @Test func aWholeMapDroppedTellsNothing() {
    let (x, layout) = Hand.constant
    #expect(Recoverability(clean: x, mask: Mask(layout: layout, allKept: false)).value == 0)
  }

  @Test func nothingDroppedHasNoValue() {
    let (x, layout) = Hand.constant
    #expect(Recoverability(clean: x, mask: Mask(layout: layout)).value == nil)
  }

  @Test func edgesAverageTheNeighboursTheyHave() {
    let (x, layout) = Hand.map(2, 2) { y, x in Float(2 * y + x) }
    let meter = Recoverability(clean: x, mask: Hand.mask(layout, dropped: [0]))
    #expect(meter.filled[0] == 1.5)
    // Of two dropped neighbours each is filled by its other one only.
    let pair = Recoverability(clean: x, mask: Hand.mask(layout, dropped: [0, 1]))
    #expect((pair.filled[0], pair.filled[1]) == (2, 3))
  }
}

@Suite struct AutocorrelationTests {
  @Test func knownMaps() throws {
    #expect(autocorrelation(Hand.constant.0, layout: Hand.constant.1) == nil)
    let board = try #require(autocorrelation(Hand.checkerboard.0, layout: Hand.checkerboard.1))
    #expect(abs(board + 1) < 1e-12)
  }

  @Test func aRampIsSmooth() throws {
    // x = column on 4×4: mean 1.5, Σ(x−m)² = 20; pairs across: 4 rows × (0.75 − 0.25 + 0.75) both
    // ways = 10; pairs down: 3 × 5 both ways = 30; 48 pairs. I = 16/48 · 40/20.
    let (x, layout) = Hand.map(4, 4) { Float($1) }
    let value = try #require(autocorrelation(x, layout: layout))
    #expect(abs(value - 16.0 / 48 * 2) < 1e-12)
  }

  @Test func noiseHasNone() throws {
    let (x, layout) = Hand.noise(64, seed: 3)
    let value = try #require(autocorrelation(x, layout: layout))
    // The standard deviation under independence is about 1/√pairs = 1/√8064.
    #expect(abs(value) < 4 * 0.0111)
  }

  @Test func aSingleCellHasNoNeighbour() {
    let (x, layout) = Hand.map(1, 1) { _, _ in 2 }
    #expect(autocorrelation(x, layout: layout) == nil)
  }
}

@Suite struct MomentTests {
  @Test func knownMoments() {
    let moments = Moments(Tensor([4], [0, 2, 4, 6]))
    #expect((moments.mean, moments.variance, moments.sparsity) == (3, 5, 0.25))
    // What is left where numbers cancel is no mean.
    let cancelled = MomentRatios(
      before: Tensor([2], [1, -0.999_999_94]), after: Tensor([2], [2, 0]))
    #expect(cancelled.mean == nil)
    #expect(abs((cancelled.variance ?? 0) - 1) < 1e-6)
    let ratios = MomentRatios(before: Tensor([2], [1, 3]), after: Tensor([2], [0, 8]))
    #expect((ratios.mean, ratios.variance) == (2, 16))
    #expect(MomentRatios(before: Tensor([2], [0, 0]), after: Tensor([2], [1, 1])).mean == nil)
  }
}

@Suite struct SpectrumTests {
  @Test func aConstantHasOnlyItsMean() {
    let power = Spectrum(Hand.constant.0, layout: Hand.constant.1).power
    // X(0,0) = 64 · 3.
    #expect(abs(power[0] - 192 * 192) < 0.5)
    #expect(power.dropFirst().allSatisfy { $0 < 1e-3 })
  }

  @Test func aSpikeIsFlat() {
    let power = Spectrum(Hand.spike.0, layout: Hand.spike.1).power
    #expect(power.allSatisfy { abs($0 - 25) < 1e-3 })
  }

  @Test func aCheckerboardIsTheFastestFrequency() {
    // Its power, (64)², lies in the one frequency of radius √½·8 = 5.66: the last bin.
    let power = Spectrum(Hand.checkerboard.0, layout: Hand.checkerboard.1).power
    #expect(power.count == 7)
    #expect(abs(power[6] - 4096) < 1)
    #expect(power.dropLast().allSatisfy { $0 < 1e-3 })
  }

  @Test func droppedNoiseMeetsTheFloor() {
    // Every frequency of 400 dropped spikes-and-ramps rises by p/(1−p)·Σx² on average.
    let (x, layout) = Hand.map(12, 10) { y, x in Float(x % 4) + Float(y) * 0.3 }
    let clean = Spectrum(x, layout: layout).power
    let floor = Spectrum.noiseFloor(x, layout: layout, rate: Rate(clamping: 0.5))
    let dropout = Dropout(ElementDropout(), rate: Rate(clamping: 0.5))
    var mean = [Double](repeating: 0, count: clean.count)
    let trials = 400
    for seed in 0..<trials {
      let mask = try! dropout.mask(layout: layout, stream: RandomStream(seed: UInt64(seed)))
      let power = Spectrum(dropout.apply(x, mask: mask), layout: layout).power
      for bin in mean.indices { mean[bin] += power[bin] / Double(trials) }
    }
    // A bin's power is about exponential: its mean over 400 masks has a relative error of 5 % at
    // most, less in bins of many frequencies.
    for bin in 1..<mean.count { #expect(abs(mean[bin] / (clean[bin] + floor) - 1) < 0.2) }
  }
}
