import Insight
import Masks
import TensorCore
import Testing

@Suite struct WasteTests {
  private let layout = Layout(n: 1, c: 1, h: 2, w: 3)

  private func mask(_ kept: [Bool]) -> Mask {
    Mask(layout: layout, kept: NDArray([1, 1, 2, 3], kept))
  }

  @Test func countsLiveAndZeroApart() {
    let clean = Tensor([1, 1, 2, 3], [0, 1, -2, 0, 3, 0])
    let waste = Waste(clean: clean, mask: mask([false, false, true, false, false, true]))
    #expect(waste.droppedLive == 2)
    #expect(waste.droppedZero == 2)
    #expect(waste.wasted == 0.5)
    #expect(waste.massRemoved == 4.0 / 6)
    #expect(waste.energyRemoved == 10.0 / 14)
  }

  @Test func nothingDroppedAndNothingThere() {
    let zero = Tensor([1, 1, 2, 3], repeating: 0)
    let kept = Waste(clean: zero, mask: Mask(layout: layout))
    #expect(kept == Waste(clean: zero, mask: Mask(layout: layout)))
    #expect((kept.dropped, kept.wasted, kept.massRemoved) == (0, 0, 0))
    let all = Waste(clean: zero, mask: Mask(layout: layout, allKept: false))
    #expect((all.droppedZero, all.wasted, all.energyRemoved) == (6, 1, 0))
  }

  @Test func countsWhatIsNoNumber() {
    let clean = Tensor([1, 1, 2, 3], [0, .nan, -2, .infinity, 3, -.infinity])
    let waste = Waste(clean: clean, mask: mask([false, false, true, false, false, true]))
    #expect((waste.notFinite, waste.droppedLive, waste.droppedZero) == (3, 3, 1))
    #expect(waste.massRemoved.isNaN && waste.energyRemoved.isNaN)
  }

  /// The largest floats are numbers: their sums, squares and differences are taken in Double.
  @Test func measuresTheLargestFloats() throws {
    let m = Float.greatestFiniteMagnitude
    let clean = Tensor([1, 1, 2, 3], [m, -m, m, m, m, -m])
    let mask = mask([true, false, true, true, false, true])
    let waste = Waste(clean: clean, mask: mask)
    #expect(waste.notFinite == 0 && waste.massRemoved == 2.0 / 6)
    #expect(abs(waste.energyRemoved - 2.0 / 6) < 1e-12)
    // The dropped −m has neighbours m and m, the dropped m has m and −m.
    let recovered = Recoverability(clean: clean, mask: mask)
    #expect(recovered.filled.elements == [m, m, m, m, 0, -m])
    let value = try #require(recovered.value)
    #expect(abs(value - -1.5) < 1e-12, "1 − (2² + 1²) / 2")
  }
}
