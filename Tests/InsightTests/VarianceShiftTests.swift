import Insight
import Masks
import TensorCore
import Testing

/// The variance shift of Li et al. 2018, against the figures of their formula.
@Suite struct VarianceShiftTests {
  /// ReLU of N(0,1), whose mean is 1/√(2π) and whose variance is 1/2 − 1/(2π).
  private static let activations = Tensor(
    [500, 4, 5, 5],
    (0..<50_000).map { index in
      Float(max(0, Normal.quantile((Double(index * 7919 % 50_000) + 0.5) / 50_000)))
    })

  @Test(arguments: [(0.95, 1.08), (0.9, 1.16), (0.75, 1.49), (0.5, 2.47)])
  func reluOfANormalVariable(keep: Double, ratio: Double) throws {
    let clean = Self.activations
    let dropout = Dropout(ElementDropout(), rate: try Rate(1 - keep))
    let layout = try Layout.channelsFirst(clean.shape)
    let mask = try dropout.mask(layout: layout, stream: RandomStream(seed: 1))
    let dropped = dropout.apply(clean, mask: mask)
    let shift = try #require(VarianceShift(clean: clean, dropped: dropped, keep: keep))
    let expected = try #require(shift.expected)
    #expect(abs(expected - ratio) < 0.006, "\(expected)")
    #expect(abs(shift.measured - ratio) < 0.02 * ratio, "\(shift.measured)")
    // Further up the formula does not hold.
    #expect(VarianceShift(clean: clean, dropped: dropped, keep: nil)?.expected == nil)
  }

  @Test func whatDoesNotVaryHasNoShift() {
    let flat = Tensor([3, 2], repeating: 4)
    #expect(VarianceShift(clean: flat, dropped: flat, keep: 0.5) == nil)
    let wild = Tensor([2, 1], [1, .infinity])
    #expect(VarianceShift(clean: Tensor([2, 1], [1, 2]), dropped: wild, keep: 0.5) == nil)
    #expect(VarianceShift(clean: Tensor([0, 2], []), dropped: Tensor([0, 2], []), keep: 1) == nil)
    let same = Tensor([2, 1], [1, 2])
    #expect(VarianceShift(clean: same, dropped: same, keep: 1)?.measured == 1)
    #expect(VarianceShift(clean: same, dropped: same, keep: 1)?.expected == 1)
  }
}
