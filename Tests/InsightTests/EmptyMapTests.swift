import Insight
import Masks
import TensorCore
import Testing

/// Meters of maps with nothing in them and of single cells: numbers or none, never a trap.
@Suite struct EmptyMapTests {
  @Test(arguments: [
    [0, 1, 4, 4], [1, 0, 4, 4], [1, 1, 0, 4], [1, 1, 4, 0], [0, 0, 0, 0], [1, 1, 1, 1],
    [2, 3, 1, 1],
    [1, 1, 1, 300], [1, 1, 300, 1], [1, 2, 1, 2],
  ]) func meters(dims: [Int]) {
    let layout = Layout(n: dims[0], c: dims[1], h: dims[2], w: dims[3])
    for value: Float in [0, 1, .nan, .infinity, .greatestFiniteMagnitude] {
      for allKept in [true, false] {
        let x = Tensor(layout.shape, repeating: value)
        let mask = Mask(layout: layout, allKept: allKept)
        for p in [0, 0.5, 1] {
          let meters = Meters(
            clean: x, dropped: x, mask: mask, rate: Rate(clamping: p), scaling: .inverted,
            pooled: (x, x))
          _ = (
            meters.waste, meters.recoverability, meters.autocorrelation, meters.moments,
            meters.pooled
          )
          #expect(meters.spectra.clean.power.count == meters.spectra.clean.counts.count)
          #expect(meters.spectra.clean.counts.reduce(0, +) == (layout.count == 0 ? 0 : layout.area))
        }
      }
    }
  }
}
