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
}
