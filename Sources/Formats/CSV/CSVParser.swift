import TensorCore

/// Turns lines into rows of equal length and rows into blocks of equal height.
struct CSVParser {
  let file: String
  private var numbers: [Float] = []
  private var columns: Int?
  private var blockRows: Int?
  private var blocks = 0
  /// Rows of the block being read.
  private var rows = 0

  init(file: String) { self.file = file }

  mutating func parse(_ text: UnsafeBufferPointer<UInt8>) throws(FormatError) {
    var lexer = CSVLexer(text)
    var separator: CSVLexer.Separator?
    var number = 0
    while let line = lexer.line() {
      number += 1
      guard !line.isEmpty else {
        try endBlock(line: number)
        continue
      }
      let between = separator ?? CSVLexer.Separator(firstLine: line)
      separator = between
      try row(line, between, line: number)
    }
    try endBlock(line: number)
  }

  /// The numbers read. - Throws: `FormatError` where there are none.
  func tensor() throws(FormatError) -> Tensor {
    guard let columns, let blockRows else {
      throw FormatError(file, expected: "rows of numbers", found: "none")
    }
    return Tensor(blocks == 1 ? [blockRows, columns] : [blocks, blockRows, columns], numbers)
  }

  private mutating func row(
    _ text: CSVLexer.Text, _ separator: CSVLexer.Separator, line: Int
  ) throws(FormatError) {
    var rest: CSVLexer.Text? = text
    var count = 0
    while let field = CSVLexer.field(of: &rest, separator: separator) {
      count += 1
      guard let number = DecimalNumber.float(UnsafeBufferPointer(rebasing: field)) else {
        throw FormatError(
          file, "line \(line), column \(count)", expected: "a number",
          found: field.isEmpty ? "nothing" : quoted(field))
      }
      numbers.append(number)
    }
    guard count == columns ?? count else {
      throw FormatError(
        file, "line \(line)", expected: "\(columns ?? 0) numbers as in the rows before",
        found: "\(count)")
    }
    columns = count
    rows += 1
  }

  private mutating func endBlock(line: Int) throws(FormatError) {
    guard rows > 0 else { return }
    guard rows == blockRows ?? rows else {
      throw FormatError(
        file, "line \(line)", expected: "a block as high as the first, \(blockRows ?? 0)",
        found: "\(rows)")
    }
    (blockRows, blocks, rows) = (rows, blocks + 1, 0)
  }
}
