import TerminalUI

/// Numbers in rows and columns, each in its style, for lines of text.
struct NumberGrid {
  /// What stands in the grid: a number, or nil for padding.
  typealias Number = (value: Double?, style: Style)

  let column: DigitColumn
  let columns: Int
  let rows: [[Number]]

  init(_ numbers: [Number], columns: Int, in column: DigitColumn) {
    (self.column, self.columns) = (column, columns)
    rows = stride(from: 0, to: numbers.count, by: max(1, columns)).map {
      Array(numbers[$0..<min(numbers.count, $0 + max(1, columns))])
    }
  }

  /// Columns of the screen that a grid takes: a blank before each number and one at the end.
  static func width(_ columns: Int, _ column: DigitColumn) -> Int {
    columns * (column.width + 1) + 1
  }

  /// One row, a blank in the colour of each number before it; as many numbers as fit into `room`,
  /// an ellipsis where some do not.
  func spans(row: Int, room: Int, _ glyphs: Glyphs) -> [TextLine.Span] {
    guard rows.indices.contains(row) else {
      return [.init(String(repeating: " ", count: NumberGrid.width(columns, column)))]
    }
    var numbers = rows[row]
    let fits = max(1, (room - 2) / (column.width + 1))
    let isCut = numbers.count > fits
    if isCut { numbers = Array(numbers.prefix(fits)) }
    var spans = numbers.map { number in
      let blank = String(repeating: " ", count: column.width - 1)
      let text = number.value.map(column.text) ?? blank + NumberGrid.padding(glyphs)
      return TextLine.Span(" " + text, number.style)
    }
    spans.append(.init(isCut ? glyphs.ellipsis : " ", isCut ? .dim : numbers.last?.style ?? .text))
    return spans
  }

  /// What stands for a cell of the padding.
  static func padding(_ glyphs: Glyphs) -> String { glyphs.isUnicode ? "·" : "." }
}

extension Style {
  /// The style of a weight or a product: bluish above zero, orange below, dim at it.
  static func signed(_ value: Double) -> Style {
    if value.isNaN { return Style(Palette.notFinite, on: Palette.background) }
    if value == 0 { return .dim }
    return Style(value > 0 ? Palette.accent : Palette.warning, on: Palette.background)
  }

  /// The style of an activation: on the colour it has in the map.
  static func activation(_ value: Float, _ scale: ValueScale, _ theme: Theme) -> Style {
    guard theme.hasColor else { return .text }
    let color = scale.ink(value, theme).color
    return Style(
      color.isLight ? Palette.onAccent : value == 0 ? Palette.dim : Palette.text, on: color)
  }
}
