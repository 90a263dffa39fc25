import Insight

/// Moments after dropout over those before, at the site and behind the max-pool that reads it.
extension Meter {
  /// The mean after dropout over that before.
  static let mean = Meter(
    "mean", meaning: "the mean before", unit: .ratio, key: "mean_ratio",
    definition: "the mean after dropout over that before"
  ) { $0.meters.moments.mean }

  /// The variance after dropout over that before.
  static let variance = Meter(
    "variance", short: "var", meaning: "the variance before", unit: .ratio, key: "variance_ratio",
    definition: "the variance after dropout over that before"
  ) { $0.meters.moments.variance }

  /// The mean behind the max-pool that reads the site, after over before; null without one.
  static let pooledMean = Meter(
    "pooled mean", short: "pooled", meaning: "behind the max-pool", unit: .ratio,
    key: "pool_mean_ratio",
    definition:
      "the mean behind the max-pool that reads the site, after over before; null without one",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.mean }

  /// The variance behind that max-pool, after over before.
  static let pooledVariance = Meter(
    "pooled variance", unit: .ratio, key: "pool_variance_ratio",
    definition: "the variance behind that max-pool, after over before",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.variance }
}
