import Insight

extension Meter {
  /// The variance behind that max-pool, after over before.
  static let pooledVariance = Meter(
    "pooled variance", unit: .ratio, key: "pool_variance_ratio",
    definition: "the variance behind that max-pool, after over before",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.variance }
}
