import Insight

/// Zeros before dropout and after it, at the site and behind the max-pool that reads it.
extension Meter {
  /// The share of zeros before dropout.
  static let sparsityBefore = Meter(
    "sparsity before", unit: .share, key: "sparsity_before",
    definition: "the share of zeros before dropout"
  ) { $0.meters.moments.before.sparsity }

  /// The share of zeros after dropout.
  static let sparsityAfter = Meter(
    "sparsity after", unit: .share, key: "sparsity_after",
    definition: "the share of zeros after dropout"
  ) { $0.meters.moments.after.sparsity }

  /// The share of zeros behind that max-pool, before dropout.
  static let pooledSparsityBefore = Meter(
    "pooled sparsity before", unit: .share, key: "pool_sparsity_before",
    definition: "the share of zeros behind that max-pool, before dropout",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.before.sparsity }

  /// The share of zeros behind that max-pool, after dropout.
  static let pooledSparsityAfter = Meter(
    "pooled sparsity after", unit: .share, key: "pool_sparsity_after",
    definition: "the share of zeros behind that max-pool, after dropout",
    applies: { $0.meters.pooled != nil }
  ) { $0.meters.pooled?.after.sparsity }
}
