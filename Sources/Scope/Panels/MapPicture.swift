import TerminalUI

/// A plane of cells on its way to the screen: half-blocks where there is colour, glyphs where not.
struct MapPicture {
  /// What one cell of a map looks like: a colour, and a glyph where colours are missing.
  struct Ink {
    var color: Color
    var glyph: Unicode.Scalar
    /// The glyph's colour where there are a few colours.
    var glyphColor: Color
    /// What its shape says where colours are shown.
    var mark: MapMark?

    init(
      _ color: Color, _ glyph: Unicode.Scalar, glyphColor: Color? = nil, mark: MapMark? = nil
    ) {
      (self.color, self.glyph, self.glyphColor) = (color, glyph, glyphColor ?? color)
      self.mark = mark
    }
  }

  let rows: Int
  let columns: Int
  /// Row by row; nil where there is no cell.
  let inks: [Ink?]
  var cursor: State.Cursor?

  /// A picture of rows × columns, with what each of its cells looks like.
  init(rows: Int, columns: Int, ink: (_ y: Int, _ x: Int) -> Ink?) {
    (self.rows, self.columns) = (rows, columns)
    var inks: [Ink?] = []
    inks.reserveCapacity(rows * columns)
    for y in 0..<rows {
      for x in 0..<columns { inks.append(ink(y, x)) }
    }
    self.inks = inks
  }

  /// The picture of a plane, with what each offset of the activation looks like.
  init(_ plane: Plane, cursor: State.Cursor? = nil, ink: (Int) -> Ink) {
    self.init(rows: plane.rows, columns: plane.columns) { plane.offset(y: $0, x: $1).map(ink) }
    self.cursor = cursor
  }

  /// Draws it at a scale; a picture larger than the rectangle is a window around the cursor.
  func draw(in rect: Rect, of buffer: inout Buffer, scale: Int, theme: Theme) {
    if theme.usesHalfBlocks {
      halfBlocks(scale: scale).draw(in: rect, of: &buffer, glyphs: theme.glyphs)
    } else {
      glyphMap(scale: scale).draw(in: rect, of: &buffer, glyphs: theme.glyphs)
    }
  }

  private func halfBlocks(scale: Int) -> HalfBlockMap {
    let (width, height) = (columns * scale, rows * scale)
    var colors: [Color] = []
    colors.reserveCapacity(width * height)
    var marks: [MapMark?] = []
    marks.reserveCapacity(width * height)
    for y in 0..<rows {
      let start = colors.count
      for x in 0..<columns {
        let ink = inks[y * columns + x]
        let color = ink?.color ?? Palette.background
        for _ in 0..<scale {
          colors.append(color)
          marks.append(ink?.mark)
        }
      }
      for _ in 1..<max(1, scale) {
        colors += colors[start..<start + width]
        marks += marks[start..<start + width]
      }
    }
    let hasCursor =
      cursor.map { (0..<rows).contains($0.row) && (0..<columns).contains($0.column) } ?? false
    if let cursor, hasCursor, scale > 1 {
      // Its corners; between them lies the value.
      let own = inks[cursor.row * columns + cursor.column]?.color ?? Palette.background
      let (first, last) = (0, scale - 1)
      let corners =
        scale == 2
        ? [(first, first), (last, last)]
        : [(first, first), (first, last), (last, first), (last, last)]
      for (y, x) in corners {
        let cell = (cursor.row * scale + y) * width + cursor.column * scale + x
        (colors[cell], marks[cell]) = (own.cursorInk, nil)
      }
    }
    var map = HalfBlockMap(width: width, height: height, colors: colors)
    map.marks = marks
    if let cursor, hasCursor, scale == 1 { map.corner = (cursor.column, cursor.row) }
    map.center = cursor.map { ($0.column * scale, $0.row * scale) }
    return map
  }

  private func glyphMap(scale: Int) -> AsciiMap {
    let cells = inks.map { ink in
      ink.map { Cell($0.glyph, Style($0.glyphColor, on: Palette.background)) } ?? Cell(" ", .text)
    }
    let side = max(1, scale / 2)
    guard side > 1 else {
      return AsciiMap(
        width: columns, height: rows, cells: cells, columnsPerCell: scale,
        cursor: cursor.map { ($0.column, $0.row) })
    }
    // A cell of the map is a block of cells of the widget, so the cursor is painted here.
    let blocks = (0..<rows * side).flatMap { y in
      (0..<columns * side).map { x in
        var cell = cells[y / side * columns + x / side]
        if cursor == State.Cursor(row: y / side, column: x / side) {
          cell.style = Style(Palette.background, on: Palette.cursor)
        }
        return cell
      }
    }
    var map = AsciiMap(
      width: columns * side, height: rows * side, cells: blocks, columnsPerCell: 2)
    map.center = cursor.map { ($0.column * side, $0.row * side) }
    return map
  }
}
