import Masks
import TensorCore
import Testing

/// The rules of masks, over every kind of the registry that follows the rate.
struct MaskLawTests {
  /// A cell dropped at p is dropped at every higher rate: moving the rate never reshuffles.
  @Test(arguments: kindsByRate)
  func nestedInTheRate(name: String) throws {
    let steps = (rates + [0x1p-30, 0.3, 0.35, 0.499, 0.501, 0.999, 1 - 0x1p-30]).sorted()
    for layout in smallLayouts {
      let kind = try kind(name, for: layout)
      for seed in 0..<5 as Range<UInt64> {
        let field = Field(units: try kind.units(of: layout), stream: RandomStream(seed: seed))
        let masks = try steps.map { try kind.mask(field, rate: rate($0), layout: layout) }
        for (low, high) in zip(masks.indices, masks.indices.dropFirst()) {
          let revived = revives(masks[low], masks[high])
          #expect(!revived, "\(layout): from \(steps[low]) to \(steps[high])")
        }
      }
    }
  }

  /// At 0 all live, at 1 all die, whatever the field; and the activation is the input itself, bit
  /// for bit, or the dropped value everywhere.
  @Test(arguments: kindsOnActivations, Scaling.allCases)
  func exactAtTheEnds(name: String, scaling: Scaling) throws {
    for layout in smallLayouts {
      let kind = try kind(name, for: layout)
      var x = activation(layout)
      x[0] = .nan
      x[x.count / 2] = -.infinity
      for seed in 0..<3 as Range<UInt64> {
        let stream = RandomStream(seed: seed)
        let none = Dropout(kind, rate: rate(0), scaling: scaling)
        let untouched = try none.drop(x, stream: stream)
        expectSame(untouched.mask, Mask(layout: layout, allKept: true))
        expectSame(untouched.output, x)
        expectSame(try none.mask(layout: layout, stream: stream), untouched.mask)
        expectSame(none.apply(x, mask: untouched.mask), x)

        let all = Dropout(kind, rate: rate(1), scaling: scaling)
        let gone = try all.drop(x, stream: stream)
        expectSame(gone.mask, Mask(layout: layout, allKept: false))
        let dropped = kind.transfer(rate: rate(1), scaling: scaling, mask: gone.mask)[0].dropped
        #expect(dropped.isFinite)
        expectSame(gone.output, Tensor(x.shape, repeating: dropped))
        expectSame(try all.mask(layout: layout, stream: stream), gone.mask)
      }
    }
  }

  /// The largest and the smallest uniform there is, at rates next to the ends: only u < p counts.
  @Test(arguments: kindsByRate)
  func onlyUBelowPDrops(name: String) throws {
    guard let kind = try kind(name) as? any UnitwiseDropout else { return }
    let layout = Layout(n: 1, c: 4, h: 1, w: 1)
    let units = try kind.units(of: layout)
    guard units == layout else { return }
    let u = Tensor(units.shape, [0, 0x1p-24, 0.5, 1 - 0x1p-24])
    let field = Field(units: units, u: u)
    for p in [0, 0x1p-1074, 0x1p-24, 0x1.8p-24, 0.5, 0.5 + 0x1p-40, 1 - 0x1p-24, 1 - 0x1p-53, 1] {
      let mask = try kind.mask(field, rate: rate(p), layout: layout)
      #expect(mask.kept.elements == u.elements.map { Double($0) >= p }, "p = \(p)")
    }
  }

  /// Inf and NaN that are dropped leave the dropped value behind: for most kinds an exact +0.
  @Test(arguments: kindsOnActivations, Scaling.allCases)
  func nothingOfADroppedValueRemains(name: String, scaling: Scaling) throws {
    let kind = try kind(name)
    let layout = Layout(n: 2, c: 5, h: 6, w: 7)
    for value in [Float.infinity, -.infinity, .nan, .signalingNaN, -1, -0.0] {
      let x = Tensor(layout.shape, repeating: value)
      for p in rates where p > 0 {
        let dropout = Dropout(kind, rate: rate(p), scaling: scaling)
        let (output, mask) = try dropout.drop(x, stream: RandomStream(seed: 5))
        let transfer = kind.transfer(rate: rate(p), scaling: scaling, mask: mask)[0]
        let (applied, kept) = (dropout.apply(x, mask: mask), mask.kept.elements)
        for y in [output, applied] {
          let gone = zip(y.elements, kept).filter { !$0.1 }.map(\.0.bitPattern)
          let exact = gone.allSatisfy { $0 == transfer.dropped.bitPattern }
          #expect(exact, "\(value) at \(p)")
          let lives = zip(y.elements, kept).filter(\.1).map(\.0)
          let same = lives.allSatisfy { $0.isFinite == value.isFinite }
          #expect(same, "\(value) at \(p)")
        }
      }
    }
  }

  /// Cells that share a unit live and die together, and as the field says: u < p.
  @Test(arguments: kindsByRate)
  func aUnitDecidesForAllItsCells(name: String) throws {
    guard let kind = try kind(name) as? any UnitwiseDropout else { return }
    for layout in smallLayouts {
      let field = Field(units: try kind.units(of: layout), stream: RandomStream(seed: 8, site: 3))
      let expanded = field.expanded(to: layout)
      var wrong = 0
      for n in 0..<layout.n {
        for c in 0..<layout.c {
          for y in 0..<layout.h {
            for x in 0..<layout.w {
              let offset = layout.offset(n: n, c: c, y: y, x: x)
              if expanded[offset] != field.uniform(at: offset, in: layout) { wrong += 1 }
            }
          }
        }
      }
      for p in rates {
        let kept = try kind.mask(field, rate: rate(p), layout: layout).kept
        for i in 0..<layout.count where kept[i] != (Double(expanded[i]) >= p) { wrong += 1 }
      }
      #expect(wrong == 0, "\(layout)")
    }
  }

  @Test func spatialMasksAreConstantPerChannel() throws {
    for layout in smallLayouts {
      for seed in 0..<20 as Range<UInt64> {
        let mask = try Dropout(SpatialDropout(), rate: rate(0.5))
          .mask(layout: layout, stream: RandomStream(seed: seed))
        for n in 0..<layout.n {
          for c in 0..<layout.c {
            #expect([0, layout.area].contains(mask.dropped(n: n, c: c)))
          }
        }
      }
    }
  }

  /// Activations without rows and columns have one cell a channel.
  @Test(arguments: kindsOnActivations)
  func ranksOtherThanFour(name: String) throws {
    for p in [0, 0.5, 1] {
      for shape in [[4, 10], [2, 3, 50]] as [Shape] {
        let dropout = Dropout(try kind(name, for: .channelsFirst(shape)), rate: rate(p))
        let x = Tensor(shape) { RandomStream(seed: 1).fillUniforms($0) }
        let (output, mask) = try dropout.drop(x, stream: RandomStream(seed: 2))
        #expect(output.shape == shape)
        #expect(mask.kept.shape == shape)
        expectSame(dropout.apply(x, mask: mask), output)
      }
    }
  }

  @Test(arguments: kindsOnActivations)
  func emptyActivations(name: String) throws {
    for layout in [Layout(n: 0, c: 3, h: 4, w: 4), Layout(n: 2, c: 0, h: 4, w: 4)] {
      let x = Tensor(layout.shape, [])
      let dropout = Dropout(try kind(name, for: layout), rate: rate(0.5))
      #expect(try dropout.kind.realisedLaw(rate: rate(0.5), layout: layout).mean >= 0)
      let (output, mask) = try dropout.drop(x, stream: RandomStream(seed: 2))
      #expect(output == x)
      #expect(mask.layout == layout)
      #expect(dropout.apply(x, mask: mask) == x)
      #expect(try dropout.mask(layout: layout, stream: RandomStream(seed: 2)) == mask)
    }
  }
}
