package import Formats
package import NeuralNet
import Studies
import TensorCore

/// What lies beside the network that is written: all that training needs to go on.
package struct TrainingState {
  var settings: TrainSettings
  /// What the data were, as `TrainingData.metadata` says it.
  var data: [String: String]
  package var snapshot: TrainingSnapshot
  /// The epochs that are over.
  var records: [EpochRecord]
  /// Sums over the epoch under way.
  var sums: EpochSums

  /// Where the state of a network lies.
  static func path(of output: String) -> String { output + ".state" }

  package var bytes: [UInt8] {
    get throws {
      var state = Checkpoint(texts: settings.texts)
      for (key, value) in data { state.texts["data \(key)"] = value }
      state.texts["seed"] = "\(snapshot.seed)"
      state.texts["step"] = "\(snapshot.step)"
      state.texts["epoch"] = "\(snapshot.epoch)"
      state.texts["position"] = "\(snapshot.position)"
      state.texts["records"] = try records.map { try $0.line }.joined()
      state.texts["sum loss"] = "\(sums.loss)"
      state.texts["sum correct"] = Int(exactly: sums.correct).map(String.init) ?? "\(sums.correct)"
      state.texts["sum samples"] = "\(sums.samples)"
      state.texts["sum seconds"] = "\(sums.seconds)"
      for (name, weights) in snapshot.weights { state.arrays["weights \(name)"] = weights }
      if let first = snapshot.averagesFrom { state.texts["averages from"] = "\(first)" }
      for (name, values) in snapshot.carried { state.arrays["carried \(name)"] = values }
      for (slot, arrays) in snapshot.slots {
        state.texts["slot \(slot)"] = ""
        for (name, array) in arrays { state.arrays["slot \(slot) \(name)"] = array }
      }
      return state.bytes
    }
  }

  init(
    settings: TrainSettings, data: [String: String], snapshot: TrainingSnapshot,
    records: [EpochRecord], sums: EpochSums
  ) {
    (self.settings, self.data, self.snapshot) = (settings, data, snapshot)
    (self.records, self.sums) = (records, sums)
  }

  /// Reads a state.
  /// - Throws: `FormatError` where the file is missing, damaged, or lacks something.
  package static func read(_ path: String) throws(FormatError) -> TrainingState {
    let state = try Checkpoint(try FileBytes.read(path), named: path)
    func number<T: LosslessStringConvertible>(_ key: String, _: T.Type) throws(FormatError) -> T {
      guard let text = state.texts[key], let number = T(text) else {
        throw FormatError(path, key, expected: "a number", found: state.texts[key] ?? "nothing")
      }
      return number
    }
    guard let records = EpochRecord.records(state.texts["records"] ?? "") else {
      throw FormatError(path, "records", expected: "lines of JSON", found: "others")
    }
    func whole(_ key: String, _ range: NumberRange) throws(FormatError) -> Int {
      try range.parsed(state.texts[key], in: path, as: key)
    }
    /// No sum of finite losses or of seconds is larger; what is no number lies in no range.
    func real(_ key: String, _ range: ClosedRange<Double>) throws(FormatError) -> Double {
      let number = try number(key, Double.self)
      guard range.contains(number) else {
        throw FormatError(
          path, key, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(number)")
      }
      return number
    }
    let settings = TrainSettings(texts: state.texts)
    // Settings are options once more when training goes on, and are as far from being trusted.
    for range in NumberRange.training where settings[range.name] != nil {
      _ = try range.parsed(settings[range.name], in: path, as: "option \(range.name)")
    }
    for name in ["seed", "split-seed"] where settings[name] != nil {
      _ = try number("option \(name)", UInt64.self)
    }
    let slots = state.texts.keys.compactMap { $0.dropping(prefix: "slot ") }
    var snapshot = TrainingSnapshot(
      weights: state.arrays.named("weights "),
      slots: Dictionary(
        uniqueKeysWithValues: slots.map { ($0, state.arrays.named("slot \($0) ")) }),
      seed: try number("seed", UInt64.self), step: try whole("step", .step),
      epoch: try whole("epoch", .epoch), position: try whole("position", .position))
    if state.texts["averages from"] != nil {
      snapshot.averagesFrom = try whole("averages from", .step)
    }
    snapshot.carried = state.arrays.named("carried ")
    var sums = EpochSums()
    sums.loss = try real("sum loss", -1e30...1e30)
    sums.correct = try real("sum correct", 0...1e18)
    sums.samples = try whole("sum samples", .images)
    sums.seconds = try real("sum seconds", 0...1e12)
    var data: [String: String] = [:]
    for (key, value) in state.texts {
      if let name = key.dropping(prefix: "data ") { data[name] = value }
    }
    return TrainingState(
      settings: settings, data: data, snapshot: snapshot,
      records: records, sums: sums)
  }
}

extension String {
  /// What follows a prefix; nil where it does not begin so.
  fileprivate func dropping(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}

extension [String: Tensor] {
  /// Those whose names begin so, by the rest of their names.
  fileprivate func named(_ prefix: String) -> [String: Tensor] {
    var found: [String: Tensor] = [:]
    for (key, array) in self {
      if let name = key.dropping(prefix: prefix) { found[name] = array }
    }
    return found
  }
}
