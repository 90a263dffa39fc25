import TerminalUI

/// Rows of text in columns.
enum AlignedText {
  /// Rows in columns two blanks apart, those from `rightFrom` on aligned at the right.
  static func lines(_ rows: [[String]], rightFrom: Int) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - width(row[column]))
        return column >= rightFrom ? padding + row[column] : row[column] + padding
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The characters that a cell takes when it is shown.
  private static func width(_ cell: String) -> Int { VisibleText.line(cell).count }
}
