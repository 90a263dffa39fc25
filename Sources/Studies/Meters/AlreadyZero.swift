import Insight

extension Meter {
  /// The share of dropped cells that were zero already.
  static let alreadyZero = Meter(
    "already zero", short: "was zero", meaning: "of the dropped cells", unit: .share,
    key: "already_zero",
    definition: "the share of dropped cells that were zero already"
  ) { $0.meters.waste.wasted }
}
