import Masks
import TensorCore
import Testing

struct RateTests {
  @Test(arguments: [
    (1.5, "1.5"), (-0.5, "-0.5"), (Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    (1 + 0x1p-52, "1.0000000000000002"), (-0x1p-1074, "-5e-324"),
  ])
  func refused(p: Double, text: String) {
    let error = #expect(throws: TensorError.self) { try Rate(p) }
    #expect(error?.description == "rate: expected a number from 0 to 1, found \(text)")
  }

  @Test func accepted() throws {
    for p in rates + [0x1p-1074, 1 - 0x1p-53] { #expect(try Rate(p).p == p) }
    #expect(try Rate(-0.0).p.sign == .plus)
    #expect(try Rate(0.25).keep == 0.75)
    #expect(try Rate(0.25) < Rate(0.5))
  }

  @Test func clamped() {
    #expect(Rate(clamping: -3).p == 0)
    #expect(Rate(clamping: 7).p == 1)
    #expect(Rate(clamping: .nan).p == 0)
    #expect(Rate(clamping: 0.3).p == 0.3)
  }

  /// Rounded up to the next multiple of 2⁻²⁴: the first uniform that is not below p.
  @Test func threshold() {
    #expect(rate(0).threshold == 0)
    #expect(rate(0x1p-1074).threshold == 0x1p-24)
    #expect(rate(0.5).threshold == 0.5)
    #expect(rate(0.5 + 0x1p-50).threshold == 0.5 + 0x1p-24)
    #expect(rate(1 - 0x1p-53).threshold == 1)
    #expect(rate(1).threshold == 1)
  }
}
