import Insight
import Masks
import Studies
import TensorCore

/// What `--stage meters` writes: one flat object. A number that is not defined is null; `label` is
/// there where the input's file has one. Beside keys that are spelt out stand the shorter ones that were
/// there first, with the same numbers.
struct MetersReport: Encodable {
  let observation: Observation
  /// The names of the site's axes, guesses with a `?`; nil where dropout acts on weights.
  let axes: [String]?
  let rate: Rate
  let label: String?

  private enum Key: String, CodingKey {
    case label, axes, kind, rule, units, gamma
    case nominal_rate, expected_rate, expected_rate_low, expected_rate_high
    case dropped_cells, cells, dropped_nonzero, dropped_already_zero, not_finite
    case l1_removed, squared_l2_removed, recoverable_from_neighbours
    case autocorrelation, mean_ratio, variance_ratio
    case sparsity_before, sparsity_after
    case pool_mean_ratio, pool_variance_ratio, pool_sparsity_before, pool_sparsity_after
    case noise_floor, spectrum_clean, spectrum_dropped
    // The same by their former names.
    case nominal, expected, band_low, band_high
    case dropped, of, dropped_live, dropped_zero, mass_removed, energy_removed, recoverability
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    func write(_ key: Key, _ number: Double?) throws {
      try object.encode(number.flatMap { $0.isFinite ? $0 : nil }, forKey: key)
    }
    func write(_ key: Key, _ former: Key, _ number: Double?) throws {
      for key in [key, former] { try write(key, number) }
    }
    func count(_ key: Key, _ former: Key, _ number: Int) throws {
      for key in [key, former] { try object.encode(number, forKey: key) }
    }
    let (realised, meters) = (observation.realised, observation.meters)
    try object.encodeIfPresent(label, forKey: .label)
    try object.encodeIfPresent(axes, forKey: .axes)
    try object.encode(observation.kind, forKey: .kind)
    try object.encode(observation.rule, forKey: .rule)
    try object.encode(observation.field.units.count, forKey: .units)
    try write(.gamma, observation.gamma)
    try write(.nominal_rate, .nominal, rate.p)
    try write(.expected_rate, .expected, observation.law.mean)
    try write(.expected_rate_low, .band_low, observation.law.band.lowerBound)
    try write(.expected_rate_high, .band_high, observation.law.band.upperBound)
    try count(.dropped_cells, .dropped, realised.dropped)
    try count(.cells, .of, realised.of)
    try count(.dropped_nonzero, .dropped_live, meters.waste.droppedLive)
    try count(.dropped_already_zero, .dropped_zero, meters.waste.droppedZero)
    try object.encode(meters.waste.notFinite, forKey: .not_finite)
    try write(.l1_removed, .mass_removed, meters.waste.massRemoved)
    try write(.squared_l2_removed, .energy_removed, meters.waste.energyRemoved)
    try write(.recoverable_from_neighbours, .recoverability, meters.recoverability.value)
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
