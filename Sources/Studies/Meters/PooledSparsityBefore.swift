import Insight

extension Meter {
  /// The share of zeros behind that max-pool, before dropout.
  static let pooledSparsityBefore = Meter(
    "pooled sparsity before", unit: .share, key: "pool_sparsity_before",
    definition: "the share of zeros behind that max-pool, before dropout",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.before.sparsity }
}
