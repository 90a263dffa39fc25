import NeuralNet
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

extension FileKind {
  /// UTF-8 without control characters: rows of numbers, perhaps.
  static let text = FileKind(
    "text", endings: ["csv", "tsv", "txt", "dat"], asksName: true, holdsItems: true,
    matches: isText
  ) { bytes, name, index throws(FormatError) in
    let table = try CSV.table(from: bytes, named: name)
    guard let items = table.items(asks: index != nil) else {
      if let index {
        throw FormatError(
          name, "item \(index)", expected: "rows of a label and n×n pixels, or of n×n pixels",
          found: "rows of \(table.numbers.shape.dims.last ?? 0)")
      }
      return .init(.numbers(.float32(table.numbers)))
    }
    let row = index ?? 0
    guard (0..<items.count).contains(row) else {
      throw FormatError(
        name, "item \(row)", expected: "an index from 0 to \(items.count - 1)", found: "\(row)")
    }
    return .init(
      .item(items.item(at: row), isBytes: items.isBytes, index: row, count: items.count),
      label: items.label(at: row).map { $0.cut(to: 40) })
  }

  private static func isText(_ all: [UInt8]) -> Bool {
    // The prefix may end inside a character; a byte order mark of UTF-16 is no UTF-8 at all.
    let bytes = all.prefix(sniffed)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) else {
      return false
    }
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    return !text.dropLast(3).contains("\u{FFFD}")
  }
}
