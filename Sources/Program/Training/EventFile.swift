import Formats
import Glibc
import Insight
import Studies

/// A file of events that TensorBoard opens: scalars of every epoch, histograms of what hidden layers make and
/// of masks, the first layer's filters as a picture.
struct EventFile {
  private let path: String

  /// Makes the folders and a file in them.
  /// - Parameters:
  ///   - folders: one in another, the outer one first
  ///   - step: steps that are done: what files from before say of later ones does not count
  /// - Throws: `Failure` or `FormatError` where they cannot be made or written.
  init(in folders: [String], from step: Int) throws {
    var folder = ""
    for name in folders {
      folder += folder.isEmpty ? name : "/\(name)"
      _ = try OutputFolder(folder)
    }
    // Files of one folder are read in the order of their names.
    path = "\(folder)/events.out.tfevents.\(time(nil)).\(getpid()).dropscope"
    try append([
      EventRecord(seconds: EventFile.now, step: 0, .version),
      EventRecord(seconds: EventFile.now, step: step + 1, .start),
    ])
  }

  /// Adds an epoch, with what a look inside shows.
  func append(_ record: EpochRecord, _ look: TrainingLook) throws {
    let values =
      EventFile.scalars(record) + EventFile.histograms(look) + (try EventFile.images(look))
    try append([EventRecord(seconds: EventFile.now, step: record.step, .values(values))])
  }

  private func append(_ events: [EventRecord]) throws {
    try FileBytes.append(events.flatMap(\.bytes), to: path)
  }

  private static var now: Double { Double(time(nil)) }

  private typealias Tagged = (tag: String, value: EventRecord.Value)

  private static func scalars(_ record: EpochRecord) -> [Tagged] {
    var found: [(String, Double?)] = [
      ("loss/training", record.loss), ("loss/clean", record.undroppedLoss),
      ("loss/held_out", record.heldOutLoss), ("accuracy/training", record.accuracy),
      ("accuracy/clean", record.undroppedAccuracy), ("accuracy/held_out", record.heldOutAccuracy),
      ("images_per_second", record.imagesPerSecond),
    ]
    if let clean = record.undroppedAccuracy, let heldOut = record.heldOutAccuracy {
      found.append(("accuracy/gap", clean - heldOut))
    }
    for layer in record.layers ?? [] {
      found += [
        ("zeros/\(layer.layer)", layer.zeros), ("mean/\(layer.layer)", layer.mean),
        ("correlation/\(layer.layer)", layer.correlation),
        ("dead_units/\(layer.layer)", Double(layer.dead)),
      ]
    }
    for weights in record.weights ?? [] {
      found += [
        ("weight_norm/mean/\(weights.parameter)", weights.mean),
        ("weight_norm/largest/\(weights.parameter)", weights.largest),
        ("weight_norm/limit/\(weights.parameter)", weights.limit),
      ]
    }
    return found.compactMap { tag, number in number.map { (tag, .scalar(Float($0))) } }
  }

  private static func histograms(_ look: TrainingLook) -> [Tagged] {
    (look.activations.map { ("activations/\($0.layer)", $0.histogram) }
      + look.masks.map { ("masks/\($0.site)", $0.histogram) })
      .map { tag, values in
        (
          tag,
          .histogram(
            least: values.least, greatest: values.greatest, count: values.count, sum: values.sum,
            squares: values.squares, limits: values.limits, counts: values.counts)
        )
      }
  }

  private static func images(_ look: TrainingLook) throws -> [Tagged] {
    guard let filters = look.filters, let sheet = FilterSheet(filters) else { return [] }
    let png = try PNG.bytes(rgb: sheet.rgb, width: sheet.width, height: sheet.height)
    return [
      (
        "filters/\(filters.layer)",
        .image(width: sheet.width, height: sheet.height, png: png)
      )
    ]
  }
}
