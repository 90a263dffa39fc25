import Insight

extension Meter {
  /// The mean after dropout over that before.
  static let mean = Meter(
    "mean", meaning: "the mean before", unit: .ratio, key: "mean_ratio",
    definition: "the mean after dropout over that before"
  ) { $0.meters.moments.mean }
}
