import Glibc

/// The whole lines that came to a file since it was read last, while another program writes it.
public struct FileTail: Sendable {
  /// What tells the file from one that takes its name later.
  public let file: UInt64
  /// Where the next line will begin.
  public let end: Int
  /// Whether it is read from its start: another file than before, or one that was cut.
  public let isAnew: Bool
  /// The lines, each with its newline; what has none yet is not among them.
  public let bytes: [UInt8]

  /// The most bytes of one reading.
  private static let limit = 1 << 28

  /// Reads what came since a place; all where there is none, or where the file is another one by now.
  /// - Throws: `FormatError` where it cannot be read.
  public init(
    _ path: String, after place: (file: UInt64, end: Int)? = nil
  ) throws(FormatError) {
    let descriptor = try FileBytes.descriptor(of: path)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FormatError(.inputOutput, file: path, .failure("cannot read: \(systemMessage())"))
    }
    guard status.isRegular else {
      throw FormatError(
        .missingInput, file: path, .mismatch(expected: "a file", found: status.kindText))
    }
    let (own, size) = (UInt64(status.st_ino), Int(status.st_size))
    let known = place.flatMap { $0.file == own && $0.end <= size ? $0.end : nil }
    let start = known ?? 0
    (file, isAnew) = (own, known == nil)
    guard start < size else {
      (end, bytes) = (start, [])
      return
    }
    lseek(descriptor, off_t(start), SEEK_SET)
    let read = try FileBytes.read(descriptor, named: path, limit: FileTail.limit + start)
    let lines = (read.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    (end, bytes) = (start + lines, Array(read[..<lines]))
  }
}
