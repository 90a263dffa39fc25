import Glibc

/// Student's t distribution, by the incomplete beta function.
public struct StudentT: Equatable, Sendable {
  /// Degrees of freedom, 1 or more.
  public let freedom: Int

  /// The distribution of so many degrees of freedom.
  public init(freedom: Int) {
    precondition(freedom >= 1, "\(freedom) degrees of freedom")
    self.freedom = freedom
  }

  /// P(|T| ≥ |t|): Abramowitz and Stegun 26.7.1, I of ν/(ν + t²) with ν/2 and ½.
  public func twoSided(_ t: Double) -> Double {
    guard !t.isNaN else { return .nan }
    guard t.isFinite else { return 0 }
    let v = Double(freedom)
    return incompleteBeta(v / (v + t * t), v / 2, 0.5)
  }

  /// The t > 0 that |T| exceeds with a probability of 0 < p < 1, by bisection to the last bit.
  public func quantile(twoSided p: Double) -> Double {
    precondition(p > 0 && p < 1, "a probability of \(p)")
    var (low, high) = (0.0, 1.0)
    while twoSided(high) > p { high *= 2 }
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if twoSided(middle) > p { low = middle } else { high = middle }
    }
  }
}

/// The regularised incomplete beta function I of x with a and b, 0 ≤ x ≤ 1: the continued fraction of
/// DLMF 8.17.22 by Lentz's method.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  // It converges fast below the mean only; above, the other side does.
  guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(1 - x, b, a) }
  let front =
    exp(
      a * log(x) + b * log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  let tiny = 1e-300
  var (c, d) = (1.0, 1 - (a + b) * x / (a + 1))
  d = 1 / (abs(d) < tiny ? tiny : d)
  var value = d
  for m in 1...10_000 {
    let m = Double(m)
    for numerator in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if abs(c) < tiny { c = tiny }
      value *= d * c
    }
    if abs(d * c - 1) < 1e-16 { break }
  }
  return front * value
}
