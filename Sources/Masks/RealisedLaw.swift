import TensorCore

/// What chance makes of the realised rate of one draw: its mean, its spread, and where it lies
/// nineteen times of twenty.
public struct RealisedLaw: Equatable, Sendable {
  /// The expected share of dropped cells.
  public let mean: Double
  /// The standard deviation of that share from draw to draw.
  public let deviation: Double
  /// The realised rate lies in it with a probability of 95 % or just above.
  public let band: ClosedRange<Double>
  /// False where mean, deviation or band are approximations.
  public let isExact: Bool

  /// The law of `units` independent units of equal size, each dropped with probability p: mean p,
  /// deviation √(p(1−p)/units), the band between the 2.5 % and 97.5 % points of the binomial
  /// distribution.
  public init(units: Int, rate: Rate) {
    guard units > 0 else {
      self.init(always: 0)
      return
    }
    let counts = RealisedLaw.centralBand(units: units, rate: rate)
    self.init(
      mean: rate.p, deviation: (rate.p * rate.keep / Double(units)).squareRoot(),
      band: Double(counts.lowerBound) / Double(units)...Double(counts.upperBound) / Double(units),
      isExact: true)
  }

  init(mean: Double, deviation: Double, band: ClosedRange<Double>, isExact: Bool) {
    (self.mean, self.deviation, self.band, self.isExact) = (mean, deviation, band, isExact)
  }

  /// The law of a mask that always drops the same share.
  public init(always share: Double) {
    self.init(mean: share, deviation: 0, band: share...share, isExact: true)
  }

  /// The law of a mean over many cells, taken as normally distributed: the band is the mean
  /// ± 1.96 deviations, within 0 … 1.
  public init(mean: Double, deviation: Double) {
    let half = 1.96 * deviation
    self.init(
      mean: mean, deviation: deviation, band: max(0, mean - half)...min(1, mean + half),
      isExact: false)
  }

  /// The smallest counts that at least 2.5 % and 97.5 % of binomial draws do not exceed.
  private static func centralBand(units: Int, rate: Rate) -> ClosedRange<Int> {
    guard rate.p > 0, rate.p < 1 else { return rate.p == 0 ? 0...0 : units...units }
    // Probabilities relative to the likeliest count's, on either side until they no longer matter.
    let mode = min(units, Int(Double(units + 1) * rate.p))
    let odds = rate.p / rate.keep
    var (below, above): ([Double], [Double]) = ([], [1])
    var weight = 1.0
    for k in stride(from: mode, to: 0, by: -1) {
      weight *= Double(k) / (Double(units - k + 1) * odds)
      guard weight > 1e-18 else { break }
      below.append(weight)
    }
    weight = 1
    for k in mode..<units {
      weight *= Double(units - k) * odds / Double(k + 1)
      guard weight > 1e-18 else { break }
      above.append(weight)
    }
    let weights = below.reversed() + above
    let total = weights.reduce(0, +)
    let first = mode - below.count
    var (sum, low, high) = (0.0, Int?.none, units)
    for (i, weight) in weights.enumerated() {
      sum += weight
      if low == nil, sum >= 0.025 * total { low = first + i }
      if sum >= 0.975 * total {
        high = first + i
        break
      }
    }
    return (low ?? high)...high
  }
}
