import Insight
import Masks
import Studies

/// What a pair of spectra shows, in a sentence made from its numbers.
enum SpectrumText {
  /// Rows kept for it under the chart.
  static let rows = 2

  static func sentence(_ spectra: Spectra, _ state: State) -> String {
    let count = spectra.clean.power.count
    guard count > 2 else { return "Maps this small have no fast and slow to tell apart." }
    guard state.observation.mask.dropped > 0, state.setting.mode == .train else {
      return "Nothing is dropped: the two are one."
    }
    guard spectra.noiseFloor > 0, spectra.dropped.power.contains(where: { $0 > 0 }) else {
      return "Nothing is left to compare."
    }
    let half = (count + 1) / 2
    let (clean, dropped) = (
      spectra.clean.mean(over: half..<count), spectra.dropped.mean(over: half..<count)
    )
    // What is there beyond the map that dropout leaves in expectation.
    let share = (dropped - spectra.expectedGain * clean) / spectra.noiseFloor
    guard share.isFinite else { return "NaN and Inf have no spectrum." }
    let fast = "From f = \(half) up: \(NumberText.fixed(share, 2)) of the floor added"
    return share >= 0.5 ? "\(fast), noise over fine detail." : "\(fast); the shape stays."
  }
}
