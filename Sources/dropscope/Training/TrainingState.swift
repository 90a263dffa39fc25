package import Formats
package import NeuralNet
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

  /// Sums over the batches of an epoch so far.
  struct EpochSums: Equatable {
    var loss = 0.0
    var correct = 0
    var samples = 0
    var seconds = 0.0

    var meanLoss: Double { loss / Double(max(1, samples)) }
    var accuracy: Double { Double(correct) / Double(max(1, samples)) }
    var imagesPerSecond: Double { Double(samples) / max(1e-9, seconds) }
  }

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
      state.texts["sum correct"] = "\(sums.correct)"
      state.texts["sum samples"] = "\(sums.samples)"
      state.texts["sum seconds"] = "\(sums.seconds)"
      for (name, weights) in snapshot.weights { state.arrays["weights \(name)"] = weights }
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
    let slots = state.texts.keys.compactMap { $0.dropping(prefix: "slot ") }
    let snapshot = TrainingSnapshot(
      weights: state.arrays.named("weights "),
      slots: Dictionary(
        uniqueKeysWithValues: slots.map { ($0, state.arrays.named("slot \($0) ")) }),
      seed: try number("seed", UInt64.self), step: try number("step", Int.self),
      epoch: try number("epoch", Int.self), position: try number("position", Int.self))
    guard snapshot.step >= 0, snapshot.epoch >= 0, snapshot.position >= 0 else {
      throw FormatError(path, "position", expected: "0 or more", found: "less")
    }
    let sums = EpochSums(
      loss: try number("sum loss", Double.self), correct: try number("sum correct", Int.self),
      samples: try number("sum samples", Int.self),
      seconds: try number("sum seconds", Double.self))
    var data: [String: String] = [:]
    for (key, value) in state.texts {
      if let name = key.dropping(prefix: "data ") { data[name] = value }
    }
    return TrainingState(
      settings: TrainSettings(texts: state.texts), data: data, snapshot: snapshot,
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
