/// A mean over repetitions, such as differences over seeds, with how far chance may have moved it:
/// Student's t interval ("The probable error of a mean", Biometrika 6, 1908).
public struct MeanInterval: Equatable, Sendable {
  /// The mean.
  public let mean: Double
  /// The standard deviation of one repetition, by n − 1; nil of fewer than two.
  public let deviation: Double?
  /// How many repetitions there are.
  public let count: Int

  /// The mean of values, one at least.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "the mean of nothing")
    let mean = values.reduce(0, +) / Double(values.count)
    (self.mean, count) = (mean, values.count)
    guard values.count > 1 else {
      deviation = nil
      return
    }
    // Equal values have no deviation, whatever their mean is rounded to.
    guard values.contains(where: { $0 != values[0] }) else {
      deviation = 0
      return
    }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = (squares / Double(values.count - 1)).squareRoot()
  }

  /// The standard error of the mean; nil of fewer than two values.
  public var errorOfMean: Double? { deviation.map { $0 / Double(count).squareRoot() } }

  /// The 95 % interval of the mean: ± t(.975, n − 1) standard errors; nil of fewer than two values.
  public var interval: ClosedRange<Double>? {
    errorOfMean.map { error in
      let half = StudentT(freedom: count - 1).quantile(twoSided: 0.05) * error
      return mean - half...mean + half
    }
  }

  /// The two-sided p of Student's test that the mean is 0; nil where the values do not differ, or are
  /// fewer than two.
  public var pValue: Double? {
    guard let errorOfMean, errorOfMean > 0 else { return nil }
    return StudentT(freedom: count - 1).twoSided(mean / errorOfMean)
  }
}
