import Masks
import TensorCore
import Testing

/// Layouts with nothing in them, with one cell, and with more cells than there is memory for: every kind
/// draws, or says in one line why it cannot; none traps.
@Suite struct EmptyLayoutTests {
  static let kinds = KindRegistry.names

  private static let layouts = [
    [0, 1, 4, 4], [1, 0, 4, 4], [1, 1, 0, 4], [1, 1, 4, 0], [0, 0, 0, 0], [1, 1, 1, 1],
    [2, 3, 1, 1],
  ].map { Layout(n: $0[0], c: $0[1], h: $0[2], w: $0[3]) }

  private func kind(_ name: String, _ layout: Layout) throws -> any DropoutKind {
    var settings = KindSettings()
    settings.painted = Mask(layout: layout)
    return try KindRegistry.make(name, settings)
  }

  @Test(arguments: kinds) func draws(name: String) throws {
    for layout in Self.layouts {
      let kind = try kind(name, layout)
      for p in [0, 0.5, 1] {
        let dropout = Dropout(kind, rate: Rate(clamping: p))
        let stream = RandomStream(seed: 3)
        do {
          let x = Tensor(layout.shape, repeating: 1)
          let (y, mask) = try dropout.drop(x, layout: layout, stream: stream, threads: 2)
          #expect(y.shape == layout.shape && mask.kept.count == layout.count, "\(name) \(layout)")
          let units = try kind.units(of: layout)
          let field = Field(units: units, stream: stream)
          #expect(field.u.count == units.count)
          _ = Realised(mask, units: units.count)
          _ = try kind.realisedLaw(rate: Rate(clamping: p), layout: layout)
          _ = kind.settings(rate: Rate(clamping: p), layout: layout)
          _ = kind.gamma(rate: Rate(clamping: p), layout: layout)
          for mode in Mode.allCases { _ = dropout.transfers(mask: mask, mode: mode) }
          #expect(dropout.backward(Tensor(layout.shape, repeating: 1), mask: mask).count == x.count)
        } catch {
          #expect(!"\(error)".contains("\n"), "\(name) \(layout): \(error)")
        }
      }
    }
  }

  /// Laws are told of layouts that no mask could be drawn for.
  @Test(arguments: kinds) func lawsOfLargeLayouts(name: String) throws {
    for dims in [[1, 1, 1 << 31, 1], [1, 1, 1, 1 << 40], [1, 1 << 31, 1 << 20, 1 << 10]] {
      let layout = Layout(n: dims[0], c: dims[1], h: dims[2], w: dims[3])
      guard name != "manual" else { continue }
      let kind = try KindRegistry.make(name, KindSettings())
      let units = try? kind.units(of: layout)
      #expect(units.map { $0.count > 0 } ?? true, "\(name) \(layout)")
    }
  }
}
