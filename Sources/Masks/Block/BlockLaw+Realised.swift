#if canImport(Glibc)
  import Glibc
#endif

extension BlockLaw {
  /// The law of the realised rate over some independent maps.
  ///
  /// Mean and deviation are those of `realised` and `variance`. The band follows the number of seeds K,
  /// which is binomial: given K, any K seeds are as likely as any others, so that j given seeds are all
  /// spared with C(T−j,K)/C(T,K) of T; that gives the mean and the variance of the share exactly, and
  /// between them the share is taken as normally distributed. Seeds that overlap more the more there are
  /// pull the band to the left of mean ± 1.96 deviations. Where there are too many seeds for that to
  /// matter the band is mean ± 1.96 deviations.
  func realisedLaw(gamma: Double, maps: Int) -> RealisedLaw {
    guard gamma > 0, gamma < 1, maps > 0 else { return RealisedLaw(always: gamma) }
    let mean = realised(gamma: gamma)
    let deviation = (variance(gamma: gamma).perMap / Double(maps)).squareRoot()
    let normal = RealisedLaw(mean: mean, deviation: deviation)
    guard let given = shares(gamma: gamma, maps: maps) else { return normal }
    // The share is a number of cells: half a cell more makes up for what is between two numbers.
    let cells = maps * rows.size * columns.size
    func least(_ probability: Double) -> Double {
      var (low, high) = (0, cells)
      while low < high {
        let middle = (low + high) / 2
        let share = (Double(middle) + 0.5) / Double(cells)
        let below = given.reduce(0) { $0 + $1.weight * $1.probability(upTo: share) }
        if below >= probability { high = middle } else { low = middle + 1 }
      }
      return Double(low) / Double(cells)
    }
    return RealisedLaw(
      mean: mean, deviation: deviation, band: least(0.025)...least(0.975), isExact: false)
  }

  /// The share of dropped cells for one number of seeds.
  private struct SeedShare {
    /// How likely that number is.
    let weight: Double
    let mean: Double
    let deviation: Double

    /// The probability of a share of at most so much.
    func probability(upTo share: Double) -> Double {
      guard deviation > 1e-9 else { return share >= mean ? 1 : 0 }
      return 0.5 * erfc((mean - share) / (deviation * 2.0.squareRoot()))
    }
  }

  /// The share of dropped cells for each number of seeds that may be; nil where these are too many.
  private func shares(gamma: Double, maps: Int) -> [SeedShare]? {
    let (all, apart) = spared
    let seeds = maps * rows.seeds.count * columns.seeds.count
    let expected = Double(seeds) * gamma
    let reach = 6 * (expected * (1 - gamma)).squareRoot() + 6
    let first = max(0, Int(expected - reach))
    let last = min(seeds, Int(expected + reach))
    guard expected < 400, (last - first) * all.count <= BlockLaw.mostTerms else { return nil }
    let area = Double(rows.size * columns.size)
    return (first...last).map { k in
      // By how many of the T seeds are spared: the probability that j given ones are.
      var spared = [Double](repeating: 1, count: all.count)
      for j in spared.indices.dropLast() where k > 0 {
        let left = seeds - k - j
        spared[j + 1] = left > 0 ? spared[j] * Double(left) / Double(seeds - j) : 0
      }
      let kept = cellShares.reduce(0) { $0 + $1.share * spared[$1.seeds] }
      var square = 0.0
      for j in spared.indices {
        square += spared[j] * (all[j] + apart[j] / (area * area * Double(maps)))
      }
      return SeedShare(
        weight: exp(logBinomial(seeds, k, gamma)), mean: 1 - kept,
        deviation: max(0, square - kept * kept).squareRoot())
    }
  }

  /// How much the probability that j seeds are spared counts in the mean square of the share of kept
  /// cells: `all` as if any two cells were of different maps, and `apart` what pairs of cells of one map
  /// that have seeds in common add to it.
  private var spared: (all: [Double], apart: [Double]) {
    let (down, across, unit) = pairs
    let most = 2 * (size.h + unit) * (size.w + unit)
    var all = [Double](repeating: 0, count: most + 1)
    var apart = all
    for a in cellShares { for b in cellShares { all[a.seeds + b.seeds] += a.share * b.share } }
    for (y, ys) in down {
      for (x, xs) in across {
        let each = y.first * x.first + y.second * x.second
        apart[each - y.both * x.both] += Double(ys * xs)
        apart[each] -= Double(ys * xs)
      }
    }
    return (all, apart)
  }

  private func logBinomial(_ n: Int, _ k: Int, _ p: Double) -> Double {
    lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      + Double(k) * log(p) + Double(n - k) * log1p(-p)
  }
}
