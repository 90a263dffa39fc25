public import TensorCore

/// Numbers as text: rows of numbers, one row a line.
///
/// Numbers are separated by commas, by semicolons, or by spaces and tabs; the first line with a
/// number decides. Blank lines separate blocks (channels) of equal size.
public enum CSV {
  /// The numbers as `[rows, columns]`, or `[blocks, rows, columns]` where blank lines cut blocks.
  /// - Throws: `FormatError` that names line and column for a text that is no number, the line for
  ///   a row or block whose size differs from the first one's, or that there are no numbers.
  public static func tensor(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Tensor {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: byteOrderMark) ? bytes[3...] : bytes[...]
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      throw FormatError(name, expected: "numbers as UTF-8 text", found: "UTF-16 text")
    }
    // Closures cannot rethrow typed errors through the buffer's accessor.
    let result = text.withUnsafeBufferPointer { text in
      Result { () throws(FormatError) in
        var parser = CSVParser(file: name)
        try parser.parse(text)
        return try parser.tensor()
      }
    }
    return try result.get()
  }
}
