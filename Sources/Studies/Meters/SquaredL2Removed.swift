import Insight

extension Meter {
  /// Squared L2: the share of Σx² in dropped cells.
  static let squaredL2Removed = Meter(
    "L2²", meaning: "of the sum of squares", unit: .removed, key: "squared_l2_removed",
    formerKey: "energy_removed",
    definition: "squared L2: the share of Σx² in dropped cells"
  ) { $0.meters.waste.energyRemoved }
}
