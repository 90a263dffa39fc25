import Insight
import Masks
import TensorCore
import Testing

/// Meters look at maps, whatever the order of the axes: the same numbers for the same maps.
struct NamedAxesTests {
  private static let planar = Layout(n: 2, c: 3, h: 6, w: 8)
  /// The same axes in other orders.
  private static let orders = ["N,H,W,C", "C,N,H,W", "W,H,C,N", "H,N,C,W"]

  private func moved(_ axes: String) throws -> Layout {
    let names = try Axis.list(parsing: axes)
    return Layout(
      Shape(
        try names.map { axis in
          Self.planar.shape[try #require(Self.planar.index(of: axis.name))]
        }), names)
  }

  private func maps() -> Tensor {
    Tensor(Self.planar.shape, (0..<Self.planar.count).map { Float(($0 * 37) % 23) - 4 })
  }

  @Test(arguments: orders)
  func metersOfMaps(axes: String) throws {
    let layout = try moved(axes)
    #expect(!layout.isPlanar)
    let dropout = Dropout(ElementDropout(), rate: try Rate(0.4))
    let mask = try dropout.mask(layout: Self.planar, stream: RandomStream(seed: 2))
    let clean = maps()
    let there = Mask(layout: layout, kept: layout.fromPlanar(mask.kept))
    #expect(there.dropped(n: 1) == mask.dropped(n: 1))
    #expect(there.dropped(n: 1, c: 2) == mask.dropped(n: 1, c: 2))
    func meters(_ clean: Tensor, _ mask: Mask) -> Meters {
      Meters(
        clean: clean, dropped: dropout.apply(clean, mask: mask), mask: mask, rate: dropout.rate,
        scaling: .inverted)
    }
    let (one, other) = (meters(clean, mask), meters(layout.fromPlanar(clean), there))
    #expect(other.autocorrelation == one.autocorrelation)
    #expect(other.spectra == one.spectra)
    #expect(other.waste.droppedZero == one.waste.droppedZero)
    #expect(other.recoverability.residualEnergy == one.recoverability.residualEnergy)
    #expect(other.recoverability.filled.shape == layout.shape)
    #expect(
      layout.planar(other.recoverability.filled).elements == one.recoverability.filled.elements)
    #expect(
      layout.planar(other.recoverability.residual).elements
        == one.recoverability.residual.elements)
  }

  /// Units of whole maps come in the same order in all of these, so masks and pools are the same.
  @Test(arguments: orders)
  func poolsOfMaps(axes: String) throws {
    let layout = try moved(axes)
    for kind in [SpatialDropout(), PathDropout()] as [any DropoutKind] {
      let dropout = Dropout(kind, rate: try Rate(0.5))
      func order(_ x: Tensor, _ layout: Layout) throws -> PoolOrder {
        try PoolOrder(
          x, layout: layout, dropout: dropout, stream: RandomStream(seed: 4),
          pooling: PoolOrder.usual)
      }
      let one = try order(maps(), Self.planar)
      let other = try order(layout.fromPlanar(maps()), layout)
      for (a, b) in zip(one.pools, other.pools) {
        #expect(a.dropoutFirst == b.dropoutFirst && a.poolFirst == b.poolFirst)
        #expect(b.largestDifference == 0)
      }
    }
  }

  /// A sequence is a map of times and features: a feature has its neighbours in time and in features.
  @Test func sequences() throws {
    let names = [Axis(.sample), Axis(.time), Axis(.feature)]
    let sequence = Layout([2, 6, 8], names)
    let x = Tensor(sequence.shape, (0..<96).map { Float(($0 * 37) % 23) })
    let image = Layout(n: 2, c: 1, h: 6, w: 8)
    #expect(autocorrelation(x, layout: sequence) == autocorrelation(x, layout: image))
    #expect(Spectrum(x, layout: sequence) == Spectrum(x, layout: image))
  }
}
