import Insight
import Masks
import TensorCore
import Scope
import TensorCore

/// What `--stage meters` writes: one flat object. A number that is not defined is null; `label` is
/// there where the input's file has one.
struct MetersReport: Encodable {
  let observation: Observation
  /// The names of the site's axes, guesses with a `?`; nil where dropout acts on weights.
  let axes: [String]?
  let rate: Rate
  let label: String?

  private enum Key: String, CodingKey {
    case label, axes, kind, rule, units, gamma
    case nominal, expected, band_low, band_high
    case dropped, of, dropped_live, dropped_zero, not_finite, mass_removed, energy_removed
    case recoverability, autocorrelation, mean_ratio, variance_ratio
    case sparsity_before, sparsity_after
    case pool_mean_ratio, pool_variance_ratio, pool_sparsity_before, pool_sparsity_after
    case noise_floor, spectrum_clean, spectrum_dropped
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    func write(_ key: Key, _ number: Double?) throws {
      try object.encode(number.flatMap { $0.isFinite ? $0 : nil }, forKey: key)
    }
    let (realised, meters) = (observation.realised, observation.meters)
    try object.encodeIfPresent(label, forKey: .label)
    try object.encodeIfPresent(axes, forKey: .axes)
    try object.encode(observation.kind, forKey: .kind)
    try object.encode(observation.rule, forKey: .rule)
    try object.encode(observation.field.units.count, forKey: .units)
    try write(.gamma, observation.gamma)
    try write(.nominal, rate.p)
    try write(.expected, observation.law.mean)
    try write(.band_low, observation.law.band.lowerBound)
    try write(.band_high, observation.law.band.upperBound)
    try object.encode(realised.dropped, forKey: .dropped)
    try object.encode(realised.of, forKey: .of)
    try object.encode(meters.waste.droppedLive, forKey: .dropped_live)
    try object.encode(meters.waste.droppedZero, forKey: .dropped_zero)
    try object.encode(meters.waste.notFinite, forKey: .not_finite)
    try write(.mass_removed, meters.waste.massRemoved)
    try write(.energy_removed, meters.waste.energyRemoved)
    try write(.recoverability, meters.recoverability.value)
    try write(.autocorrelation, meters.autocorrelation)
    try write(.mean_ratio, meters.moments.mean)
    try write(.variance_ratio, meters.moments.variance)
    try write(.sparsity_before, meters.moments.before.sparsity)
    try write(.sparsity_after, meters.moments.after.sparsity)
    try write(.pool_mean_ratio, meters.pooled?.mean)
    try write(.pool_variance_ratio, meters.pooled?.variance)
    try write(.pool_sparsity_before, meters.pooled?.before.sparsity)
    try write(.pool_sparsity_after, meters.pooled?.after.sparsity)
    try write(.noise_floor, meters.spectra.noiseFloor)
    try object.encode(meters.spectra.clean.power.map(finite), forKey: .spectrum_clean)
    try object.encode(meters.spectra.dropped.power.map(finite), forKey: .spectrum_dropped)
  }

  private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
