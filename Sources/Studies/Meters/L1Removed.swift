import Insight

extension Meter {
  /// L1: the share of Σ|x| in dropped cells.
  static let l1Removed = Meter(
    "L1", meaning: "of the sum of |x|", unit: .removed, key: "l1_removed",
    formerKey: "mass_removed",
    definition: "L1: the share of Σ|x| in dropped cells"
  ) { $0.meters.waste.massRemoved }
}
