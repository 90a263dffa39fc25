import Masks
import TensorCore
import Testing
import TestSupport

/// The closed forms of DropBlock, against its table, against brute force and against drawn masks.
struct BlockLawTests {
  static let map = Layout(n: 1, c: 1, h: 26, w: 26)

  /// Realised rates on 26×26 maps, to three digits, for the rates .05 … 1.
  @Test(arguments: [
    (BlockRule.paper, 3, [0.049, 0.095, 0.222, 0.396, 0.532, 0.637]),
    (.paper, 5, [0.049, 0.094, 0.217, 0.381, 0.505, 0.600]),
    (.paper, 7, [0.048, 0.094, 0.214, 0.371, 0.487, 0.574]),
    (.timm, 3, [0.054, 0.106, 0.246, 0.436, 0.582, 0.693]),
    (.timm, 7, [0.071, 0.137, 0.307, 0.519, 0.665, 0.765]),
  ])
  func table(rule: BlockRule, b: Int, expected: [Double]) throws {
    let law = try BlockLaw(BlockSize(b), rule: rule, layout: BlockLawTests.map)
    for (p, r) in zip([0.05, 0.1, 0.25, 0.5, 0.75, 1], expected) {
      #expect(abs(law.realised(gamma: law.gamma(rate(p))) - r) <= 0.0005, "p = \(p)")
    }
  }

  /// Each γ that meets its rate, and the rate it was made for.
  @Test func correctedGamma() throws {
    let law = try BlockLaw(BlockSize(7), rule: .exact, layout: BlockLawTests.map)
    for (p, gamma) in [(0.1, 0.00369), (0.25, 0.01038), (0.5, 0.02704)] {
      #expect(abs(law.gamma(rate(p)) - gamma) <= 0.000005)
    }
    for size in [BlockSize(1), BlockSize(2), BlockSize(7), BlockSize(26), BlockSize(h: 3, w: 26)] {
      let law = try BlockLaw(size, rule: .exact, layout: BlockLawTests.map)
      for p in rates + [0x1p-30, 0.999] {
        let gamma = law.gamma(rate(p))
        #expect((0...1).contains(gamma))
        #expect(abs(law.realised(gamma: gamma) - p) < 1e-12, "\(size) at \(p)")
      }
    }
  }

  /// Expected share and variance by going through all sets of seeds: make_kinds_numpy.py.
  @Test func bruteForce() throws {
    let lines = try Golden.lines("kinds_numpy.txt").filter { $0.hasPrefix("block") }
    #expect(lines.count == 21)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let sizes = words[2...5].compactMap { Int($0) }
      let numbers = words[6...].compactMap { Double($0) }
      let law = try BlockLaw(
        BlockSize(h: sizes[2], w: sizes[3]), rule: try BlockRule(parsing: words[1]),
        layout: Layout(n: 1, c: 1, h: sizes[0], w: sizes[1]))
      let variance = law.variance(gamma: numbers[0])
      #expect(abs(law.realised(gamma: numbers[0]) - numbers[1]) < 1e-12, "\(line)")
      #expect(abs(variance.perMap - numbers[2]) < 1e-12 && variance.isExact, "\(line)")
    }
  }

  /// 4,000 masks of one map for each rule, size and rate: mean within 3 standard errors, variance
  /// within 4 (of a normal sample's), and each cell's death within 4.5, for there are 143 cells.
  @Test(
    arguments: [BlockRule.paper, .timm],
    [
      BlockSize(1), BlockSize(2), BlockSize(3), BlockSize(5), BlockSize(7), BlockSize(h: 3, w: 5),
    ])
  func drawnMasks(rule: BlockRule, size: BlockSize) throws {
    let masks = 4000
    let layout = Layout(n: 1, c: masks, h: 11, w: 13)
    let kind = BlockDropout(size, rule: rule)
    let law = try BlockLaw(size, rule: rule, layout: layout)
    let field = Field(units: try kind.units(of: layout), stream: RandomStream(seed: 3))
    for p in [0.1, 0.5] {
      let gamma = law.gamma(rate(p))
      let mask = try kind.mask(field, rate: rate(p), layout: layout)
      let shares = (0..<masks).map { Double(mask.dropped(c: $0)) / Double(layout.area) }
      let mean = shares.reduce(0, +) / Double(masks)
      let variance =
        shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(masks - 1)
      let expected = law.variance(gamma: gamma).perMap
      let error = (expected / Double(masks)).squareRoot()
      #expect(abs(mean - law.realised(gamma: gamma)) <= 3 * error, "\(size) at \(p)")
      #expect(abs(variance / expected - 1) <= 4 * (2 / Double(masks)).squareRoot() * 1.2)

      let death = law.deathProbability(gamma: gamma)
      #expect(death.shape == [11, 13])
      var died = [Int](repeating: 0, count: layout.area)
      mask.kept.withElements { kept in
        for i in kept.indices where !kept[i] { died[i % layout.area] += 1 }
      }
      for (died, q) in zip(died, death.elements) {
        let q = Double(q)
        let error = (q * (1 - q) / Double(masks)).squareRoot()
        #expect(abs(Double(died) / Double(masks) - q) <= 4.5 * error)
      }
    }
  }

  /// Counts rounded for very large blocks: the deviation is within 5 % of that of 2,000 drawn maps.
  @Test func largeBlocks() throws {
    let layout = Layout(n: 1, c: 2000, h: 96, w: 96)
    for rule in [BlockRule.paper, .timm] {
      let kind = BlockDropout(BlockSize(h: 40, w: 36), rule: rule)
      let law = try BlockLaw(kind.size, rule: rule, layout: layout)
      let gamma = law.gamma(rate(0.4))
      let (variance, isExact) = law.variance(gamma: gamma)
      #expect(!isExact)
      let one = Layout(n: 1, c: 20, h: 96, w: 96)
      var shares: [Double] = []
      for seed in 0..<100 as Range<UInt64> {
        let field = Field(units: one, stream: RandomStream(seed: seed, site: 4))
        let mask = try kind.mask(field, rate: rate(0.4), layout: one)
        shares += (0..<20).map { Double(mask.dropped(c: $0)) / Double(one.area) }
      }
      let mean = shares.reduce(0, +) / 2000
      let drawn = (shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999).squareRoot()
      #expect(abs(variance.squareRoot() / drawn - 1) < 0.05, "\(rule)")
      #expect(abs(mean - law.realised(gamma: gamma)) < 3 * drawn / 2000.0.squareRoot())
    }
  }

  /// γ never falls as the rate rises, nor leaves 0 … 1.
  @Test(arguments: BlockRule.allCases)
  func gammaRisesWithTheRate(rule: BlockRule) throws {
    for size in [BlockSize(1), BlockSize(4), BlockSize(26)] {
      let law = try BlockLaw(size, rule: rule, layout: BlockLawTests.map)
      let gammas = (0...1000).map { law.gamma(rate(Double($0) / 1000)) }
      #expect(gammas[0] == 0 && gammas[1000] <= 1)
      #expect(zip(gammas, gammas.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }
}
