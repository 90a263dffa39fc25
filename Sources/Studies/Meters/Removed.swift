import Insight

/// How much of a map lies in dropped cells.
extension Meter {
  /// L1: the share of Σ|x| in dropped cells.
  static let l1Removed = Meter(
    "L1", meaning: "of the sum of |x|", unit: .removed, key: "l1_removed",
    formerKey: "mass_removed",
    definition: "L1: the share of Σ|x| in dropped cells"
  ) { $0.meters.waste.massRemoved }

  /// Squared L2: the share of Σx² in dropped cells.
  static let squaredL2Removed = Meter(
    "L2²", meaning: "of the sum of squares", unit: .removed, key: "squared_l2_removed",
    formerKey: "energy_removed",
    definition: "squared L2: the share of Σx² in dropped cells"
  ) { $0.meters.waste.energyRemoved }
}
