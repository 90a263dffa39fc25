import Insight

extension Meter {
  /// Moran's I of the clean maps: how alike neighbouring cells are.
  static let autocorrelation = Meter(
    "autocorr", short: "auto", meaning: "of a cell with its neighbours", unit: .score,
    key: "autocorrelation",
    definition: "Moran's I of the clean maps: how alike neighbouring cells are"
  ) { $0.meters.autocorrelation }
}
