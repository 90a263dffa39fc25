import Insight

extension Meter {
  /// The share of zeros after dropout.
  static let sparsityAfter = Meter(
    "sparsity after", unit: .share, key: "sparsity_after",
    definition: "the share of zeros after dropout"
  ) { $0.meters.moments.after.sparsity }
}
