import Masks
import TensorCore
import Testing

/// How many cells die: as many as chance allows at the nominal rate, no more and no fewer.
struct RealisedRateTests {
  /// Every kind at every rate, on every layout, over 100 seeds: nothing dies at 0 and nothing lives
  /// at 1, a cell dropped at one rate is dropped at the next, and counts are what chance allows.
  @Test(arguments: kindsByRate, layouts)
  func registryContract(name: String, layout: Layout) throws {
    let kind = try kind(name, for: layout)
    let units = try kind.units(of: layout)
    let laws = try rates.map { try kind.realisedLaw(rate: rate($0), layout: layout) }
    let seeds = 100
    var total = [Double](repeating: 0, count: rates.count)
    for seed in 0..<seeds {
      let field = Field(units: units, stream: RandomStream(seed: UInt64(seed), site: 77))
      var before = Mask(layout: layout)
      for (i, p) in rates.enumerated() {
        let mask = try kind.mask(field, rate: rate(p), layout: layout)
        let realised = Realised(mask, units: units.count)
        #expect(realised.of == layout.count)
        #expect(!revives(before, mask), "seed \(seed): a cell dropped below \(p) is back")
        before = mask
        total[i] += realised.rate
        // Five deviations: twelve kinds, four layouts, eight rates and 100 seeds are 40,000 draws.
        let (law, spread) = (laws[i], 5 * laws[i].deviation + 1e-12)
        #expect(abs(realised.rate - law.mean) <= max(spread, law.isExact ? 0 : 0.05), "\(p)")
        if p == 0 || p == 1 { #expect(realised.rate == p) }
      }
    }
    for (i, law) in laws.enumerated() {
      let mean = total[i] / Double(seeds)
      #expect(abs(mean - law.mean) <= 4 * law.deviation / 10 + 1e-12, "\(rates[i]): \(mean)")
    }
  }

  /// Every kind whose units die one by one: counts inside the band of the binomial distribution
  /// that holds 99.9 %, and units dropped as a whole.
  @Test(arguments: kindsByRate, smallLayouts)
  func insideTheBand(name: String, layout: Layout) throws {
    guard let kind = try kind(name, for: layout) as? any UnitwiseDropout else { return }
    let units = try kind.units(of: layout)
    let seeds = 100
    var outside = [Int](repeating: 0, count: rates.count)
    var total = outside
    let bands = rates.map { p in
      p == 0 || p == 1 ? nil : binomialBand(n: units.count, p: p, tail: 0.0005)
    }
    for seed in 0..<seeds {
      let field = Field(units: units, stream: RandomStream(seed: UInt64(seed), site: 77))
      for (i, p) in rates.enumerated() {
        let realised = Realised(
          try kind.mask(field, rate: rate(p), layout: layout), units: units.count)
        #expect(realised.of == layout.count)
        // A unit stands for as many cells on every layout, so units can be counted by cells.
        let (dropped, rest) = (realised.dropped * units.count)
          .quotientAndRemainder(dividingBy: layout.count)
        #expect(rest == 0, "a unit was dropped in part")
        total[i] += dropped
        guard let band = bands[i] else {
          #expect(realised.rate == p)
          continue
        }
        if !band.contains(dropped) { outside[i] += 1 }
      }
    }
    for (i, p) in rates.enumerated() where p > 0 && p < 1 {
      // One in a thousand may lie outside; of 100, more than 3 do so four times in a million.
      #expect(outside[i] <= 3, "\(outside[i]) of \(seeds) seeds at \(p) outside \(bands[i]!)")
      let all = binomialBand(n: units.count * seeds, p: p, tail: 0.0005)
      #expect(all.contains(total[i]), "\(total[i]) dropped over all seeds at \(p), not \(all)")
    }
  }

  /// x = 1 under inverted dropout stays 1 on average, within three standard deviations.
  @Test(arguments: kindsOnActivations)
  func invertedScalingKeepsTheMean(name: String) throws {
    guard let kind = try kind(name) as? any UnitwiseDropout, kind.takesScaling else { return }
    let layout = Layout(n: 4, c: 16, h: 13, w: 13)
    let units = try kind.units(of: layout).count
    let ones = Tensor(layout.shape, repeating: 1)
    for p in rates where p < 1 {
      let dropout = Dropout(kind, rate: rate(p))
      let seeds = 20
      var sum = 0.0
      for seed in 0..<seeds {
        let y = try dropout.drop(ones, stream: RandomStream(seed: UInt64(seed), site: 5)).output
        sum += y.withElements { $0.reduce(0) { $0 + Double($1) } } / Double(y.count)
      }
      let deviation = (p / (1 - p) / Double(units * seeds)).squareRoot()
      #expect(abs(sum / Double(seeds) - 1) <= 3 * deviation + 1e-6, "p = \(p)")
    }
  }

  @Test func countsAndDeviation() {
    var kept = NDArray([1, 2, 2, 3], repeating: true)
    for i in [0, 1, 2, 3, 4, 5, 7] { kept[i] = false }
    let mask = Mask(layout: Layout(n: 1, c: 2, h: 2, w: 3), kept: kept)
    #expect(mask.dropped == 7)
    #expect(mask.dropped(c: 0) == 6)
    #expect(mask.dropped(c: 1) == 1)
    #expect(mask.numbers.elements == [0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1])
    let realised = Realised(mask, units: 12)
    #expect(realised.dropped == 7 && realised.of == 12)
    #expect(realised.rate == 7 / 12.0)
    #expect(abs(realised.deviation(at: rate(0.5)) - (0.25 / 12).squareRoot()) < 1e-15)
    let empty = Mask(layout: Layout(n: 0, c: 1, h: 1, w: 1))
    #expect(Realised(empty, units: 0).rate == 0)
    #expect(Realised(empty, units: 0).deviation(at: rate(0.5)) == 0)
  }
}
