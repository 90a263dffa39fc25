import Masks
import TensorCore
import Testing

struct RealisedLawTests {
  /// The smallest counts that 2.5 % and 97.5 % of binomial draws do not exceed, added up anew.
  @Test(arguments: [1, 2, 7, 16, 676], [0.05, 0.1, 0.5, 0.9])
  func binomialBands(units: Int, p: Double) {
    let law = RealisedLaw(units: units, rate: rate(p))
    #expect(law.mean == p && law.isExact)
    #expect(abs(law.deviation - (p * (1 - p) / Double(units)).squareRoot()) < 1e-15)
    var chances = [1.0]
    for _ in 0..<units {
      let last = chances
      chances = (0...last.count).map { k in
        (k < last.count ? last[k] * (1 - p) : 0) + (k > 0 ? last[k - 1] * p : 0)
      }
    }
    func quantile(_ q: Double) -> Int {
      var sum = 0.0
      return chances.firstIndex {
        sum += $0
        return sum >= q - 1e-12
      }!
    }
    #expect(law.band.lowerBound == Double(quantile(0.025)) / Double(units))
    #expect(law.band.upperBound == Double(quantile(0.975)) / Double(units))
  }

  @Test func ends() {
    #expect(RealisedLaw(units: 10, rate: rate(0)).band == 0...0)
    #expect(RealisedLaw(units: 10, rate: rate(1)).band == 1...1)
    #expect(RealisedLaw(units: 0, rate: rate(0.5)) == RealisedLaw(always: 0))
    let large = RealisedLaw(units: 10_000_000, rate: rate(0.3))
    #expect(abs(large.band.upperBound - 0.3 - 1.96 * large.deviation) < 1e-6)
    #expect(RealisedLaw(mean: 0.1, deviation: 0.5).band == 0...1)
  }

  /// Of 4,000 drawn blocks' masks 95 % lie inside the band, give or take 2 %: it is approximate.
  @Test(arguments: BlockRule.allCases)
  func bandsOfBlocks(rule: BlockRule) throws {
    let layout = Layout(n: 1, c: 4000, h: 26, w: 26)
    let kind = BlockDropout(BlockSize(5), rule: rule)
    let one = Layout(n: 1, c: 1, h: 26, w: 26)
    let field = Field(units: layout, stream: RandomStream(seed: 5))
    for p in [0.25, 0.5] {
      let law = try kind.realisedLaw(rate: rate(p), layout: one)
      let mask = try kind.mask(field, rate: rate(p), layout: layout)
      let shares = (0..<4000).map { Double(mask.dropped(c: $0)) / 676 }
      let inside = Double(shares.count { law.band.contains($0) }) / 4000
      #expect(abs(inside - 0.95) < 0.02, "\(inside) at \(p)")
      // 16 maps at once: the same mean, a quarter of the deviation.
      let many = try kind.realisedLaw(
        rate: rate(p), layout: Layout(n: 2, c: 8, h: 26, w: 26))
      #expect(many.mean == law.mean && abs(many.deviation * 4 - law.deviation) < 1e-12)
    }
  }

  /// What every kind says of itself agrees with what it does: see the registry contract.
  @Test func perKind() throws {
    let layout = Layout(n: 2, c: 3, h: 8, w: 8)
    func law(_ name: String) throws -> RealisedLaw {
      try kind(name, for: layout).realisedLaw(rate: rate(0.25), layout: layout)
    }
    #expect(try law("element") == RealisedLaw(units: 384, rate: rate(0.25)))
    #expect(try law("spatial") == RealisedLaw(units: 6, rate: rate(0.25)))
    #expect(try law("row") == RealisedLaw(units: 48, rate: rate(0.25)))
    #expect(try law("path") == RealisedLaw(units: 2, rate: rate(0.25)))
    #expect(try law("gaussian") == RealisedLaw(always: 0))
    #expect(try law("cutout") == RealisedLaw(always: 0.25))
    #expect(abs(try law("block").mean - 0.25) < 1e-12)
    var kept = NDArray(layout.shape, repeating: true)
    for i in 0..<96 { kept[i] = false }
    let manual = ManualDropout(Mask(layout: layout, kept: kept))
    #expect(try manual.realisedLaw(rate: rate(0.9), layout: layout) == RealisedLaw(always: 0.25))
    #expect(
      BlockDropout(BlockSize(h: 3, w: 5)).settings(rate: rate(0.5), layout: layout)
        .hasPrefix("block 3×5 exact γ ."))
  }
}
