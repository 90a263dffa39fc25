import Insight

extension Meter {
  /// Predictable from neighbours (R²), as above.
  static let predictable = Meter(
    "predictable", short: "predict", meaning: "from kept neighbours (R²)", unit: .score,
    key: "recoverable_from_neighbours", formerKey: "recoverability",
    definition: "predictable from neighbours (R²), as above"
  ) { $0.meters.recoverability.value }
}
