import Formats
import Studies

/// A file with one line of JSON an epoch; a program may follow it while it grows.
struct TrainingLog {
  private let path: String?

  /// Starts the file anew with the epochs that are over.
  /// - Throws: `FormatError` where it cannot be written.
  init(_ path: String?, after records: [EpochRecord]) throws {
    self.path = path
    guard let path, path != "-" else { return }
    try FileBytes.write(Array(try records.map { try $0.line }.joined().utf8), to: path)
  }

  /// Adds an epoch.
  /// - Throws: `FormatError` where it cannot be written.
  func append(_ record: EpochRecord) throws {
    guard let path else { return }
    try FileBytes.append(Array(try record.line.utf8), to: path)
  }
}
