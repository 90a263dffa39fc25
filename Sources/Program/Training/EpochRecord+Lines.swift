import FoundationEssentials
import Studies

/// Records as lines of a log.
extension EpochRecord {
  /// The record as one line of JSON.
  var line: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }

  /// Reads lines of JSON; nil where one is no record, or counts what cannot have been.
  static func records(_ lines: String) -> [EpochRecord]? {
    let records = lines.split(separator: "\n").map {
      try? JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8))
    }
    let sound = records.compactMap { $0 }.filter {
      (1...NumberRange.epochs.range.upperBound).contains($0.epoch)
        && NumberRange.step.range.contains($0.step)
        && ($0.layers ?? []).allSatisfy { NumberRange.position.range.contains($0.dead) }
    }
    return sound.count == records.count ? sound : nil
  }
}
