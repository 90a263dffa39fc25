import Insight

extension Meter {
  /// The share of zeros before dropout.
  static let sparsityBefore = Meter(
    "sparsity before", unit: .share, key: "sparsity_before",
    definition: "the share of zeros before dropout"
  ) { $0.meters.moments.before.sparsity }
}
