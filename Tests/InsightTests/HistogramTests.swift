import Insight
import Testing

/// Buckets of values.
@Suite struct HistogramTests {
  @Test func everyFiniteValueIsInOneBucket() {
    let values: [Float] = (0...300).map { Float($0) / 100 } + [.nan, .infinity]
    let found = Histogram(values)
    #expect(found.count == 301 && found.counts.reduce(0, +) == 301)
    #expect(found.least == 0 && found.greatest == 3 && found.limits.last == 3)
    #expect(found.counts.count == Histogram.buckets && found.limits.count == Histogram.buckets)
    // Each has a thirtieth of the way; the greatest value lies in the last one.
    #expect(found.counts.dropFirst().dropLast().allSatisfy { (9...11).contains($0) })
    #expect(abs(found.sum - 451.5) < 1e-3 && abs(found.squares - 904.505) < 1e-2)
  }

  @Test func equalValuesAndNone() {
    let same = Histogram([Float](repeating: 2, count: 5))
    #expect(same.limits == [2] && same.counts == [5] && same.least == 2 && same.squares == 20)
    let none = Histogram([Float.nan])
    #expect(none.count == 0 && none.limits.isEmpty && none.greatest == 0)
  }
}
