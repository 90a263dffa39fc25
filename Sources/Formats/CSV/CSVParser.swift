import TensorCore

/// Turns records into names of columns, rows of equal length, and blocks of equal height.
struct CSVParser {
  let file: String
  private var lexer: CSVLexer
  /// What stands above the first row: titles, names of columns, comments.
  private var lead: [Lead] = []
  private var header: CSVHeader?
  /// Fields of a row.
  private var columns: Int?
  private var numbers: [Float] = []
  private var labels: [String] = []
  private var blockRows: Int?
  private var blocks = 0
  /// Rows of the block being read.
  private var rows = 0

  private struct Lead {
    var line: Int
    var names: [String]
    var isComment: Bool
  }

  init(_ text: UnsafeBufferPointer<UInt8>, file: String) {
    self.file = file
    lexer = CSVLexer(text, CSVLexer.Separator(of: text), in: file)
  }

  /// Reads everything. - Throws: `FormatError` as `CSV.table(from:named:)` does.
  mutating func table() throws(FormatError) -> CSVTable {
    var fields: [CSVLexer.Field] = []
    while try lexer.record(into: &fields) {
      if let comment = lexer.comment {
        if columns == nil { noteNames(inComment: comment) }
      } else if fields.isEmpty {
        try endBlock()
      } else if columns == nil, CSVHeader.isHeader(fields) {
        lead.append(Lead(line: lexer.line, names: fields.map(\.string), isComment: false))
      } else {
        if columns == nil { try begin(with: fields) }
        try row(fields)
      }
    }
    try endBlock()
    guard let blockRows else { throw noNumbers }
    let width = numbers.count / (blocks * blockRows)
    return CSVTable(
      numbers: Tensor(blocks == 1 ? [blockRows, width] : [blocks, blockRows, width], numbers),
      labels: header?.label == nil ? nil : labels, pixels: header?.pixels)
  }

  private var noNumbers: FormatError {
    guard let first = lead.first(where: { !$0.isComment }) else {
      return FormatError(file, expected: "rows of numbers", found: "none")
    }
    return FormatError(
      file, "line \(first.line), column 1", expected: "a number",
      found: first.names[0].isEmpty ? "nothing" : quoted(first.names[0].utf8))
  }

  /// `numpy.savetxt` writes its header behind a `#`.
  private mutating func noteNames(inComment text: CSVLexer.Text) {
    var inner = CSVLexer(UnsafeBufferPointer(rebasing: text), lexer.separator, in: file)
    var fields: [CSVLexer.Field] = []
    guard (try? inner.record(into: &fields)) == true else { return }
    lead.append(Lead(line: lexer.line, names: fields.map(\.string), isComment: true))
  }

  /// Settles how many columns there are and what they are called.
  private mutating func begin(with fields: [CSVLexer.Field]) throws(FormatError) {
    let count = fields.count
    columns = count
    if let names = lead.last(where: { $0.names.count == count })?.names {
      header = CSVHeader(names)
    } else if lexer.separator == .blanks {
      // R's write.table has names of rows, in quotes, and none for their column; else what stands
      // above the numbers is a title.
      if fields[0].isQuoted, count > 2,
        let names = lead.last(where: { $0.names.count == count - 1 })?.names
      {
        header = CSVHeader([""] + names)
      }
    } else if let names = lead.last(where: { !$0.isComment && $0.names.count > 1 })?.names {
      throw FormatError(
        file, "line \(lexer.line)", expected: "\(names.count) columns as in the header",
        found: "\(count)")
    }
  }

  private mutating func row(_ fields: [CSVLexer.Field]) throws(FormatError) {
    for (column, field) in fields.enumerated() {
      if let header, header.label == column {
        labels.append(field.string)
      } else if header?.rowName != column {
        guard let number = field.number else {
          throw FormatError(
            file, "line \(lexer.line), column \(column + 1)", expected: "a number",
            found: field.text.isEmpty ? "nothing" : quoted(field.text))
        }
        guard number.isFinite || !field.isTooLarge else {
          throw FormatError(
            file, "line \(lexer.line), column \(column + 1)",
            expected: "a number up to \(Float.greatestFiniteMagnitude)", found: quoted(field.text))
        }
        numbers.append(number)
      }
    }
    guard fields.count == columns else {
      throw FormatError(
        file, "line \(lexer.line)", expected: "\(columns ?? 0) numbers as in the rows before",
        found: "\(fields.count)")
    }
    rows += 1
  }

  private mutating func endBlock() throws(FormatError) {
    // Labelled rows are images, whatever blank lines stand between them.
    guard rows > 0, header?.label == nil || lexer.isAtEnd else { return }
    guard rows == blockRows ?? rows else {
      throw FormatError(
        file, "line \(lexer.line)", expected: "a block as high as the first, \(blockRows ?? 0)",
        found: "\(rows)")
    }
    (blockRows, blocks, rows) = (rows, blocks + 1, 0)
  }
}
