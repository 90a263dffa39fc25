import FoundationEssentials

/// What one epoch came to: a line of the log and a point of the curves.
struct EpochRecord: Codable, Equatable {
  /// Counted from 1.
  var epoch: Int
  /// Batches since training began.
  var step: Int
  /// The mean loss over the epoch's batches as they were trained on, dropout acting.
  var loss: Double
  /// The share of those images that were classified rightly.
  var accuracy: Double
  /// The mean loss over the images held out, dropout off; none where none are held out.
  var heldOutLoss: Double?
  /// The share of the images held out that were classified rightly.
  var heldOutAccuracy: Double?
  /// After the last epoch, the mean loss over (10,000 at most of) the images trained on, dropout off.
  var undroppedLoss: Double?
  /// The share of those that were classified rightly.
  var undroppedAccuracy: Double?
  /// How long training took, without the images held out.
  var seconds: Double
  var imagesPerSecond: Double

  private enum CodingKeys: String, CodingKey {
    case epoch, step, loss, accuracy, seconds
    case heldOutLoss = "held_out_loss"
    case heldOutAccuracy = "held_out_accuracy"
    case undroppedLoss = "training_loss_undropped"
    case undroppedAccuracy = "training_accuracy_undropped"
    case imagesPerSecond = "images_per_second"
  }

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
    }
    return sound.count == records.count ? sound : nil
  }
}
