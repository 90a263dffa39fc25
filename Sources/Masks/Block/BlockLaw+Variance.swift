#if canImport(Glibc)
  import Glibc
#endif

extension BlockLaw {
  /// Sums of more terms than this are done on rounded counts: 2²⁰ terms take some milliseconds.
  static let mostTerms = 1 << 20

  /// The variance of one map's realised rate: the mean over all pairs of cells of their covariance
  /// (1−γ)^(k₁+k₂−k₁₂) − (1−γ)^(k₁+k₂), with k₁₂ the seeds that can take both.
  ///
  /// Exact as long as there are few enough combinations of counts; for larger blocks the counts of
  /// either axis are rounded to multiples of a small number.
  public func variance(gamma: Double) -> (perMap: Double, isExact: Bool) {
    let (down, across, unit) = pairs
    let most = 2 * (size.h + unit) * (size.w + unit)
    let kept = log1p(-gamma)
    let powers = (0...most).map { $0 == 0 ? 1 : exp(Double($0) * kept) }
    var sum = 0.0
    // In an order of their own: sums of the same numbers in another order differ in their last bits.
    let ordered = across.sorted { $0.key < $1.key }
    for (y, ys) in down.sorted(by: { $0.key < $1.key }) {
      for (x, xs) in ordered {
        let each = y.first * x.first + y.second * x.second
        let covariance = powers[each - y.both * x.both] - powers[each]
        sum += Double(ys * xs) * covariance
      }
    }
    let area = Double(rows.size * columns.size)
    return (max(0, sum) / (area * area), unit == 1)
  }

  /// The pairs of cells along either axis that have seeds in common, with counts rounded to multiples
  /// of `unit` where there are too many combinations.
  var pairs: (down: [BlockAxis.PairCounts: Int], across: [BlockAxis.PairCounts: Int], unit: Int) {
    var (down, across) = (rows.pairs, columns.pairs)
    var unit = 1
    while down.count * across.count > BlockLaw.mostTerms {
      unit += 1
      down = BlockLaw.rounded(rows.pairs, to: unit)
      across = BlockLaw.rounded(columns.pairs, to: unit)
    }
    return (down, across, unit)
  }

  /// Pairs with their counts rounded to multiples of `unit`.
  private static func rounded(
    _ pairs: [BlockAxis.PairCounts: Int], to unit: Int
  ) -> [BlockAxis.PairCounts: Int] {
    func near(_ count: Int) -> Int { (count + unit / 2) / unit * unit }
    return pairs.reduce(into: [:]) { rounded, pair in
      let (at, times) = (pair.key, pair.value)
      let counts = BlockAxis.PairCounts(
        first: near(at.first), second: near(at.second), both: near(at.both))
      rounded[counts, default: 0] += times
    }
  }
}
