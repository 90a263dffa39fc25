import Insight
import TestSupport
import Testing

/// Tests and intervals, against SciPy.
@Suite struct StatisticsTests {
  private struct Known: Decodable {
    struct Pair: Decodable { var first: Int, second: Int, p: Double }
    struct Mean: Decodable {
      var first: [Double], second: [Double]
      var mean: Double, deviation: Double, low: Double, high: Double, p: Double
    }
    struct Quantile: Decodable { var freedom: Int, p: Double, t: Double }
    struct Wilson: Decodable { var count: Int, total: Int, low: Double, high: Double }
    var mcnemar: [Pair], means: [Mean], quantiles: [Quantile], wilson: [Wilson]
  }

  private static func near(_ a: Double?, _ b: Double, within error: Double) -> Bool {
    a.map { abs($0 - b) <= error * max(abs(b), 1e-300) } ?? false
  }

  @Test func mcNemarsExactP() throws {
    let known = try Golden.json("statistics.json", as: Known.self)
    for pair in known.mcnemar {
      let test = McNemar(
        onlyFirst: pair.first, onlySecond: pair.second, total: pair.first + pair.second + 7)
      #expect(
        Self.near(test.pValue, pair.p, within: 1e-9) || pair.p < 1e-300,
        "\(pair): \(test.pValue)")
    }
    let test = McNemar([true, true, false, false, true], [true, false, true, true, true])
    #expect(test == McNemar(onlyFirst: 1, onlySecond: 2, total: 5) && test.difference == 0.2)
    #expect(McNemar([], []).pValue == 1 && McNemar([], []).difference == 0)
  }

  @Test func meansOfPairedDifferences() throws {
    let known = try Golden.json("statistics.json", as: Known.self)
    #expect(known.means.count == 5)
    for pair in known.means {
      let found = MeanInterval(zip(pair.second, pair.first).map { $0 - $1 })
      #expect(Self.near(found.mean, pair.mean, within: 1e-12))
      #expect(Self.near(found.deviation, pair.deviation, within: 1e-12))
      #expect(Self.near(found.interval?.lowerBound, pair.low, within: 1e-9), "\(found)")
      #expect(Self.near(found.interval?.upperBound, pair.high, within: 1e-9), "\(found)")
      #expect(Self.near(found.pValue, pair.p, within: 1e-9), "\(found.pValue ?? -1), \(pair.p)")
    }
  }

  @Test func quantilesOfStudentsT() throws {
    for known in try Golden.json("statistics.json", as: Known.self).quantiles {
      let t = StudentT(freedom: known.freedom).quantile(twoSided: known.p)
      #expect(Self.near(t, known.t, within: 1e-9), "\(known): \(t)")
    }
    #expect(StudentT(freedom: 3).twoSided(0) == 1 && StudentT(freedom: 3).twoSided(.infinity) == 0)
  }

  @Test func wilsonsInterval() throws {
    for known in try Golden.json("statistics.json", as: Known.self).wilson {
      let interval = Share(known.count, of: known.total).interval
      #expect(abs(interval.lowerBound - known.low) < 1e-12)
      #expect(abs(interval.upperBound - known.high) < 1e-12)
    }
  }

  /// One value has no interval; equal ones have one without a width, and no p.
  @Test func fewOrEqualValues() {
    let one = MeanInterval([0.5])
    #expect(one.interval == nil && one.deviation == nil && one.pValue == nil)
    let equal = MeanInterval([0.1, 0.1, 0.1])
    #expect(equal.deviation == 0 && equal.pValue == nil)
    #expect(equal.interval == equal.mean...equal.mean)
  }
}
