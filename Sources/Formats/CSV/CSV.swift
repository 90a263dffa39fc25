public import TensorCore

/// Numbers as text (RFC 4180 and what is around): rows of numbers, one row a line.
///
/// Numbers are separated by commas, by semicolons, by tabs, or by spaces and tabs, whichever makes one
/// of the first lines all numbers; any of them may stand in quotes. Titles and names of columns may
/// stand above them, comments behind `#` anywhere. Blank lines separate blocks (channels) of equal
/// size.
public enum CSV {
  /// The numbers as `[rows, columns]`, or `[blocks, rows, columns]` where blank lines cut blocks.
  /// Columns whose names say that they are labels or names of rows are left out.
  /// - Throws: `FormatError` that names line and column for a text that is no number or a quote that
  ///   is not closed, the line for a row or block whose size differs from the first one's, or that
  ///   there are no numbers.
  public static func tensor(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Tensor {
    try table(from: bytes, named: name).numbers
  }

  /// The numbers with what the names of columns say. - Throws: `FormatError` as
  /// `tensor(from:named:)` does.
  static func table(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> CSVTable {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: byteOrderMark) ? bytes[3...] : bytes[...]
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      throw FormatError(name, expected: "numbers as UTF-8 text", found: "UTF-16 text")
    }
    // A number takes two characters at least; arrays grow by copies of twice the size.
    try FileMemory.reserve(6 * text.count, in: name, for: "its numbers")
    // Closures cannot rethrow typed errors through the buffer's accessor.
    let result = text.withUnsafeBufferPointer { text in
      Result { () throws(FormatError) in
        var parser = CSVParser(text, file: name)
        return try parser.table()
      }
    }
    return try result.get()
  }
}
