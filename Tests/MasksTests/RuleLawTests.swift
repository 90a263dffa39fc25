import Masks
import TensorCore
import Testing

/// What a rule says of its masks is true of them: band, mean and thresholds, for every rule and kind.
struct RuleLawTests {
  static let cases = RuleRegistry.all.flatMap { rule in rule.kinds.map { (rule.name, $0) } }

  private func drawn(
    _ rule: String, _ name: String, _ layout: Layout, block: Int = 7
  ) throws -> (rule: any FrameworkRule, kind: any DropoutKind, drawn: any DropoutKind) {
    let rule = try RuleRegistry.make(rule)
    let kind = try KindRegistry.make(name, KindSettings(block: BlockSize(block)))
    return (rule, kind, try rule.drawnKind(for: kind, of: layout))
  }

  /// At least 90 % of 200 seeds lie inside the 95 % band, on one sample and on a batch.
  @Test(arguments: cases)
  func bands(rule name: String, kind: String) throws {
    for layout in [Layout(n: 1, c: 2, h: 26, w: 26), Layout(n: 3, c: 2, h: 12, w: 11)] {
      let (rule, kind, drawn) = try drawn(name, kind, layout)
      let x = Tensor(layout.shape, repeating: 1)
      for p in [0.1, 0.5, 0.9] {
        let law = try drawn.realisedLaw(rate: rate(p), layout: layout)
        #expect(law.band.contains(law.mean), "\(p)")
        var (inside, total) = (0, 0.0)
        for seed in 0..<200 {
          let request = try RuleRequest(
            to: rule, x: x, layout: layout, kind: kind,
            stream: RandomStream(seed: UInt64(seed), site: 5), rate: p)
          let mask = try rule.apply(request).mask
          let realised = Double(mask.dropped) / Double(layout.count)
          total += realised
          if law.band.contains(realised) { inside += 1 }
        }
        #expect(inside >= 180, "\(inside) of 200 at \(p) in \(law.band)")
        #expect(
          abs(total / 200 - law.mean) <= 4 * law.deviation / 200.0.squareRoot() + 1e-9, "\(p)")
      }
    }
  }

  /// A cell is dropped exactly from the rate on at which it is said to die.
  @Test(arguments: cases)
  func diesAt(rule name: String, kind: String) throws {
    let layouts = [
      Layout(n: 2, c: 2, h: 5, w: 6),
      Layout([2, 5, 6, 2], [Axis(.sample), Axis(.row), Axis(.column), Axis(.channel)]),
    ]
    for layout in layouts {
      let (rule, kind, drawn) = try drawn(name, kind, layout, block: 3)
      let stream = RandomStream(seed: 21)
      let field = Field(units: try drawn.units(of: layout), stream: stream)
      let least = (0..<layout.count).map {
        drawn.leastRate(dropping: $0, field, layout: layout)
      }
      var wrong = 0
      for hundredths in 0..<100 {
        let p = Double(hundredths) / 100
        let mask = try rule.apply(
          RuleRequest(
            to: rule, x: activation(layout), layout: layout, kind: kind, stream: stream, rate: p)
        ).mask
        for i in 0..<layout.count {
          let dies = least[i].map { ($0 * 100).rounded() <= Double(hundredths) } ?? false
          if mask.kept[i] == dies { wrong += 1 }
        }
      }
      #expect(wrong == 0)
    }
  }

  /// The numbers of 7×7 at .5 on 26×26: torchvision's γ and mean; timm's one mask for all channels.
  @Test func dropBlock() throws {
    let layout = Layout(n: 1, c: 2, h: 26, w: 26)
    let torchvision = try drawn("torchvision", "block", layout).drawn
    let timm = try drawn("timm", "block", layout).drawn
    for kind in [torchvision, timm] {
      let gamma = try #require(kind.gamma(rate: rate(0.5), layout: layout))
      #expect(abs(gamma - 0.0172) < 0.00005)
    }
    #expect(
      torchvision.settings(rate: rate(0.5), layout: layout) == "block 7×7 torchvision γ .0172")
    #expect(timm.settings(rate: rate(0.5), layout: layout) == "block 7×7 timm γ .0172")
    #expect(try torchvision.units(of: layout).shape == [1, 2, 26, 26])
    #expect(try timm.units(of: layout).shape == [1, 1, 26, 26])
    let plain = try torchvision.realisedLaw(rate: rate(0.5), layout: layout)
    #expect(abs(plain.mean - 0.371) < 0.0005)
    let law = try timm.realisedLaw(rate: rate(0.5), layout: layout)
    #expect(abs(law.mean - 0.5185) < 0.0005)
    // 2.5 % and 97.5 % of simulated masks, whose own error is .006.
    #expect(abs(law.band.lowerBound - 0.281) < 0.01 && abs(law.band.upperBound - 0.723) < 0.01)
    // As many channels as there may be are still one mask.
    let many = try timm.realisedLaw(rate: rate(0.5), layout: Layout(n: 1, c: 64, h: 26, w: 26))
    #expect(many == law)
  }

  /// The band against the percentiles of 3,000 drawn maps, for few seeds and for many: within three
  /// standard errors of a percentile, which is where 2.5 % ± .85 % of the draws lie.
  @Test(arguments: [(3, 0.1), (3, 0.5), (7, 0.1), (7, 0.5), (7, 0.9), (20, 0.5)])
  func percentiles(block: Int, p: Double) throws {
    for name in ["timm", "paper"] {
      let one = Layout(n: 1, c: 1, h: 26, w: 26)
      let layout = Layout(n: 3000, c: 1, h: 26, w: 26)
      let kind = try drawn(name, "block", one, block: block).drawn
      let band = try kind.realisedLaw(rate: rate(p), layout: one).band
      let mask = try Dropout(kind, rate: rate(p)).mask(
        layout: layout, stream: RandomStream(seed: 8))
      let shares = (0..<3000).map { Double(mask.dropped(n: $0)) / 676 }
      let below = Double(shares.count { $0 < band.lowerBound }) / 3000
      let above = Double(shares.count { $0 > band.upperBound }) / 3000
      #expect(below <= 0.0335 && above <= 0.0335, "\(name): \(below) and \(above)")
      let inside = 1 - below - above
      #expect(inside < 0.985 || band.lowerBound == 0, "\(name): \(inside) in \(band)")
    }
  }

  /// The exact ends of a band of cutout that hangs over the border, against going through all centres.
  @Test func hangingCutout() throws {
    let layout = Layout(n: 1, c: 3, h: 9, w: 7)
    let kind = try drawn("paper", "cutout", layout).drawn
    for p in [0, 0.1, 0.4, 1] {
      var shares: [Double] = []
      for centre in 0..<63 {
        let u = Tensor([1, 1, 1, 1], [(Float(centre) + 0.5) / 63])
        let field = Field(units: try kind.units(of: layout), u: u)
        let mask = try kind.mask(field, rate: rate(p), layout: layout)
        shares.append(Double(mask.dropped) / Double(layout.count))
      }
      shares.sort()
      let law = try kind.realisedLaw(rate: rate(p), layout: layout)
      #expect(abs(law.mean - shares.reduce(0, +) / 63) < 1e-12)
      #expect(abs(law.band.lowerBound - shares[1]) < 1e-12)
      #expect(abs(law.band.upperBound - shares[61]) < 1e-12)
    }
  }

  /// Blocks that are larger than the map shrink with the libraries that shrink them.
  @Test func blocksLargerThanTheMap() throws {
    let layout = Layout(n: 2, c: 3, h: 5, w: 9)
    let x = activation(layout)
    for (name, size) in [("timm", "5×9"), ("torchvision", "5×5")] {
      let (rule, kind, drawn) = try drawn(name, "block", layout, block: 40)
      #expect(throws: TensorError.self) { try kind.units(of: layout) }
      let words = drawn.settings(rate: rate(0.5), layout: layout)
      #expect(words.hasPrefix("block \(size) \(name) γ ."))
      let request = try RuleRequest(
        to: rule, x: x, layout: layout, kind: kind, stream: RandomStream(seed: 3), rate: 0.5)
      let mask = try rule.apply(request).mask
      let own = try drawn.mask(request.field, rate: rate(0.5), layout: layout)
      expectSame(mask, own)
    }
    let (paper, kind, _) = try drawn("paper", "block", layout, block: 40)
    #expect(throws: TensorError.self) {
      try RuleRequest(
        to: paper, x: x, layout: layout, kind: kind, stream: RandomStream(seed: 3), rate: 0.5)
    }
  }
}
