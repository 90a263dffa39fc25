import TerminalUI

/// Rows of text in columns.
enum AlignedText {
  /// Rows in columns two blanks apart, those from `rightFrom` on aligned at the right.
  static func lines(_ rows: [[String]], rightFrom: Int) -> [String] {
    let columns = rows[0].count
    var (all, widths) = ([Int](), [Int](repeating: 0, count: columns))
    all.reserveCapacity(rows.count * columns)
    for row in rows {
      for (column, cell) in row.enumerated() {
        let width = width(cell)
        all.append(width)
        widths[column] = max(widths[column], width)
      }
    }
    return rows.enumerated().map { number, row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(
          repeating: " ", count: widths[column] - all[number * columns + column])
        if column > 0 { line += "  " }
        line += column >= rightFrom ? padding + cell : cell + padding
      }
      while line.utf8.last == 0x20 { line.removeLast() }
      return line
    }
  }

  /// The characters that a cell takes when it is shown.
  private static func width(_ cell: String) -> Int {
    let isPlain = cell.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x5C }
    return isPlain ? cell.utf8.count : VisibleText.line(cell).count
  }
}
