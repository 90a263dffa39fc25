/// A value for each pair of two axes, as a colour with its number; pairs that have none are seen as such.
public struct HeatMap: Sendable {
  /// What is shown, above the cells.
  public var title: String
  /// What the rows and columns are called.
  public var rows, columns: [String]
  /// The values, by row and column; nil where there is none.
  public var values: [[Double?]]
  /// The cell that is marked.
  public var marked: (row: Int, column: Int)?
  /// Whether the lowest value is the best one.
  public var isReversed = false
  /// Behind everything.
  public var background: Color
  /// Writes a value.
  public var label: @Sendable (Double) -> String

  /// A map.
  public init(
    _ title: String, rows: [String], columns: [String], _ values: [[Double?]],
    background: Color = Palette.background, label: @escaping @Sendable (Double) -> String
  ) {
    (self.title, self.rows, self.columns, self.values) = (title, rows, columns, values)
    (self.background, self.label) = (background, label)
  }

  /// Draws as many rows and columns as have room, the marked cell among them.
  public func draw(
    in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode, ramp: Ramp = .viridis
  ) {
    let dim = Style(Palette.dim, on: background)
    let (head, below) = rect.splitTop(1)
    buffer.write(title, x: head.x, y: head.y, style: dim, limit: head.right)
    let known = values.flatMap { $0 }.compactMap { $0 }.filter(\.isFinite)
    guard below.height >= 2, let low = known.min(), let high = known.max() else { return }
    let margin = min(rect.width / 3, (rows.map(\.unicodeScalars.count).max() ?? 0) + 1)
    let widest = (columns + known.map(label)).map(\.unicodeScalars.count).max() ?? 0
    let width = max(5, widest + 2)
    let seenColumns = window(
      columns.count, room: max(1, (rect.width - margin) / width), marked?.column)
    let seenRows = window(rows.count, room: below.height - 1, marked?.row)
    for (place, column) in seenColumns.enumerated() {
      buffer.write(
        columns[column], x: rect.x + margin + place * width + 1, y: below.y,
        style: Style(
          column == marked?.column ? Palette.accent : Palette.dim, on: background),
        limit: min(rect.right, rect.x + margin + (place + 1) * width))
    }
    for (line, row) in seenRows.enumerated() {
      let y = below.y + 1 + line
      buffer.write(
        rows[row], x: rect.x, y: y,
        style: Style(row == marked?.row ? Palette.accent : Palette.text, on: background),
        limit: rect.x + margin - 1)
      for (place, column) in seenColumns.enumerated() {
        let cell = Rect(x: rect.x + margin + place * width, y: y, width: width, height: 1)
          .intersection(rect)
        let isMarked = marked.map { $0 == (row, column) } ?? false
        draw(
          values[row][column], low...high, isMarked: isMarked, in: cell, of: &buffer, glyphs, ramp)
      }
    }
  }

  private func draw(
    _ value: Double?, _ range: ClosedRange<Double>, isMarked: Bool, in cell: Rect,
    of buffer: inout Buffer, _ glyphs: Glyphs, _ ramp: Ramp
  ) {
    let marks: (String, String) = glyphs.isUnicode ? ("▸", "◂") : (">", "<")
    guard let value, value.isFinite else {
      let style = Style(isMarked ? Palette.accent : Palette.dim, on: background)
      buffer.write(
        isMarked ? "\(marks.0)\(glyphs.wasted)\(marks.1)" : " \(glyphs.wasted)", x: cell.x,
        y: cell.y,
        style: style, limit: cell.right)
      return
    }
    let span = range.upperBound - range.lowerBound
    let place = span > 0 ? (value - range.lowerBound) / span : 1
    let share = isReversed ? 1 - place : place
    let color = ramp.color(at: Float(share))
    let ink = Style(
      share > 0.6 ? Palette.background : Palette.text, on: color, isMarked ? .bold : [])
    buffer.fill(cell, with: Cell(" ", ink))
    let text = isMarked ? "\(marks.0)\(label(value))\(marks.1)" : " \(label(value))"
    buffer.write(text, x: cell.x, y: cell.y, style: ink, limit: cell.right)
  }

  /// So many of `count` such that the marked one is among them.
  private func window(_ count: Int, room: Int, _ marked: Int?) -> Range<Int> {
    let first = min(max(0, (marked ?? 0) - room / 2), max(0, count - room))
    return first..<min(count, first + max(0, room))
  }
}
