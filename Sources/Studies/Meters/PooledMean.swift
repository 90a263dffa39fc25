import Insight

extension Meter {
  /// The mean behind the max-pool that reads the site, after over before; null without one.
  static let pooledMean = Meter(
    "pooled mean", short: "pooled", meaning: "behind the max-pool", unit: .ratio,
    key: "pool_mean_ratio",
    definition:
      "the mean behind the max-pool that reads the site, after over before; null without one",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.mean }
}
