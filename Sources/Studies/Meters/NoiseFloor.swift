import Insight

extension Meter {
  /// The power that dropout adds at every frequency: that of white noise.
  static let noiseFloor = Meter(
    "noise floor", unit: .power, key: "noise_floor",
    definition: "the power that dropout adds at every frequency: that of white noise"
  ) { $0.meters.spectra.noiseFloor }
}
