import Formats
import Studies

/// A file with one line of JSON an epoch; a program may follow it while it grows.
struct TrainingLog {
  private let path: String?
  private let epochs: Int

  /// Starts the file anew with the epochs that are over.
  /// - Throws: `FormatError` where it cannot be written.
  init(_ path: String?, after records: [EpochRecord], of epochs: Int) throws {
    (self.path, self.epochs) = (path, epochs)
    guard let path, path != "-" else { return }
    try FileBytes.write(Array(try records.map { try line($0) }.joined().utf8), to: path)
  }

  /// Adds an epoch.
  /// - Throws: `FormatError` where it cannot be written.
  func append(_ record: EpochRecord) throws {
    guard let path else { return }
    try FileBytes.append(Array(try line(record).utf8), to: path)
  }

  /// A line says how many epochs there are to be: whoever follows the file knows the end.
  private func line(_ record: EpochRecord) throws -> String {
    var record = record
    record.epochs = epochs
    return try record.line
  }
}
