import TerminalUI

/// Products one under another, with a bar for the size of each.
struct ProductTable {
  /// One product.
  struct Row {
    var label: String
    var left: Double
    var right: Double
    var product: Double
  }

  private let rows: [Row]
  private let room: Int
  private let theme: Theme
  /// The longest bar.
  private static let barWidth = 24

  init(_ rows: [Row], room: Int, theme: Theme) {
    (self.rows, self.room, self.theme) = (rows, room, theme)
  }

  func lines() -> [TextLine] {
    let left = DigitColumn(rows.lazy.map(\.left))
    let right = DigitColumn(rows.lazy.map(\.right))
    let product = DigitColumn(rows.lazy.map(\.product))
    let label = rows.reduce(0) { max($0, $1.label.unicodeScalars.count) }
    let largest = rows.lazy.map { abs($0.product) }.filter(\.isFinite).max() ?? 0
    return rows.map { row in
      let blanks = String(repeating: " ", count: label - row.label.unicodeScalars.count)
      var line = TextLine([
        .init(row.label + blanks + "  ", .dim), .init(left.text(row.left), .text),
        .init(" \(theme.glyphs.times) ", .dim),
        .init(right.text(row.right), .signed(row.right)), .init(" = ", .dim),
        .init(product.text(row.product), .signed(row.product)),
      ])
      let longest = min(ProductTable.barWidth, room - line.width - 2)
      guard longest >= 4, largest > 0, row.product.isFinite else { return line }
      let length = Int((abs(row.product) / largest * Double(longest)).rounded())
      let block = String(theme.glyphs.isUnicode ? theme.glyphs.horizontal : "=")
      line.spans.append(
        .init("  " + String(repeating: block, count: length), .signed(row.product)))
      return line
    }
  }
}
