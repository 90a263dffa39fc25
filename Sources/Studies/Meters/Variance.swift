import Insight

extension Meter {
  /// The variance after dropout over that before.
  static let variance = Meter(
    "variance", short: "var", meaning: "the variance before", unit: .ratio, key: "variance_ratio",
    definition: "the variance after dropout over that before"
  ) { $0.meters.moments.variance }
}
