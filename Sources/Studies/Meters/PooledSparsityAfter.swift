import Insight

extension Meter {
  /// The share of zeros behind that max-pool, after dropout.
  static let pooledSparsityAfter = Meter(
    "pooled sparsity after", unit: .share, key: "pool_sparsity_after",
    definition: "the share of zeros behind that max-pool, after dropout",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.after.sparsity }
}
