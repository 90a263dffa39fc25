import Glibc

/// McNemar's exact test of two classifiers on the same samples: of those that only one of the two has
/// right, is either's share more than chance makes of a fair coin? McNemar, "Note on the sampling error
/// of the difference between correlated proportions or percentages" (Psychometrika 12, 1947); exact by
/// the binomial distribution, as Dietterich 1998 (Neural Computation 10) advises for single training
/// runs.
public struct McNemar: Equatable, Sendable {
  /// Samples that the first alone has right.
  public let onlyFirst: Int
  /// Samples that the second alone has right.
  public let onlySecond: Int
  /// Samples in all.
  public let total: Int

  /// Counts what two classifiers have right, sample by sample.
  public init(_ first: [Bool], _ second: [Bool]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) samples")
    self.init(
      onlyFirst: zip(first, second).count { $0 && !$1 },
      onlySecond: zip(first, second).count { !$0 && $1 }, total: first.count)
  }

  /// A test of counts.
  public init(onlyFirst: Int, onlySecond: Int, total: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0 && onlyFirst + onlySecond <= total)
    (self.onlyFirst, self.onlySecond, self.total) = (onlyFirst, onlySecond, total)
  }

  /// By how much larger the share is that the second has right.
  public var difference: Double {
    total == 0 ? 0 : Double(onlySecond - onlyFirst) / Double(total)
  }

  /// The probability of a split as uneven or more, either way, where neither is better:
  /// min(1, 2·P(X ≤ min)) for X of a binomial distribution with ½. O(the smaller count).
  public var pValue: Double {
    let (n, few) = (onlyFirst + onlySecond, min(onlyFirst, onlySecond))
    guard n > 0 else { return 1 }
    var term = exp(
      logGamma(Double(n) + 1) - logGamma(Double(few) + 1) - logGamma(Double(n - few) + 1)
        - Double(n) * log(2.0))
    var sum = 0.0
    for k in stride(from: few, through: 0, by: -1) {
      sum += term
      guard term > 0, k > 0 else { break }
      term *= Double(k) / Double(n - k + 1)
    }
    return min(1, 2 * sum)
  }
}

/// log |Γ(x)|, without the global variable that C's lgamma writes the sign to.
func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}
