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

  /// A key as JSON has it.
  private struct Key: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    init(_ key: String) { stringValue = key }
    init(stringLiteral key: String) { self.init(key) }
    init?(stringValue: String) { self.init(stringValue) }
    var intValue: Int? { nil }
    init?(intValue: Int) { nil }
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
    try object.encodeIfPresent(label, forKey: "label")
    try object.encodeIfPresent(axes, forKey: "axes")
    try object.encode(observation.kind, forKey: "kind")
    try object.encode(observation.rule, forKey: "rule")
    try object.encode(observation.field.units.count, forKey: "units")
    try write("gamma", observation.gamma)
    try write("nominal_rate", "nominal", rate.p)
    try write("expected_rate", "expected", observation.law.mean)
    try write("expected_rate_low", "band_low", observation.law.band.lowerBound)
    try write("expected_rate_high", "band_high", observation.law.band.upperBound)
    try count("dropped_cells", "dropped", realised.dropped)
    try count("cells", "of", realised.of)
    try count("dropped_nonzero", "dropped_live", meters.waste.droppedLive)
    try count("dropped_already_zero", "dropped_zero", meters.waste.droppedZero)
    try object.encode(meters.waste.notFinite, forKey: "not_finite")
    for meter in Meter.all {
      for key in [meter.key, meter.formerKey].compactMap({ $0 }) {
        try write(Key(key), meter.value(observation))
      }
    }
    try object.encode(meters.spectra.clean.power.map(finite), forKey: "spectrum_clean")
    try object.encode(meters.spectra.dropped.power.map(finite), forKey: "spectrum_dropped")
  }

  private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}
