/// A curve as dots of a grid that is finer than the cells.
struct DotPlot {
  let rect: Rect
  let dotsAcross, dotsDown: Int
  let range: ClosedRange<Double>

  /// Calls `set` with the cell and the dot in it for every dot of the curve through `values`, spread
  /// over the width of `steps` of them.
  func draw(
    _ values: [Double], steps: Int, set: (Int, Int, (column: Int, row: Int)) -> Void
  ) {
    let points = values.indices.map { point(values[$0], step: $0, of: steps) }
    for (index, point) in points.enumerated() {
      guard let point else { continue }
      let end = (index + 1 < points.count ? points[index + 1] : nil) ?? point
      DotPlot.line(from: point, to: end) { x, y in
        set(
          rect.x + x / dotsAcross, rect.y + y / dotsDown,
          (column: x % dotsAcross, row: y % dotsDown))
      }
    }
  }

  /// The dot of a value, counted from the upper left; nil for NaN and infinities.
  private func point(_ value: Double, step: Int, of steps: Int) -> (x: Int, y: Int)? {
    guard value.isFinite else { return nil }
    let (columns, rows) = (rect.width * dotsAcross - 1, rect.height * dotsDown - 1)
    let span = range.upperBound - range.lowerBound
    let height = span > 0 ? (value - range.lowerBound) / span : 0.5
    let place = steps > 1 ? Double(step) / Double(steps - 1) : 0
    return (
      x: Int((place * Double(columns)).rounded()),
      y: rows - Int((min(1, max(0, height)) * Double(rows)).rounded())
    )
  }

  /// Bresenham's line, both ends included.
  static func line(
    from a: (x: Int, y: Int), to b: (x: Int, y: Int), _ body: (Int, Int) -> Void
  ) {
    let (dx, dy) = (abs(b.x - a.x), -abs(b.y - a.y))
    let (stepX, stepY) = (b.x > a.x ? 1 : -1, b.y > a.y ? 1 : -1)
    var (x, y, error) = (a.x, a.y, dx + dy)
    while true {
      body(x, y)
      if (x, y) == b { return }
      let doubled = 2 * error
      if doubled >= dy {
        error += dy
        x += stepX
      }
      if doubled <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// Sets a dot of a cell. A cell has one colour: the dots of another curve make room.
  static func set(
    _ dot: (column: Int, row: Int), x: Int, y: Int, _ style: Style, of buffer: inout Buffer
  ) {
    let old = buffer[x, y]
    let dots = old.style == style && old.glyph.value >= 0x2800 ? old.glyph.value : 0x2800
    guard let glyph = Unicode.Scalar(dots | bit(dot)) else { return }
    buffer[x, y] = Cell(glyph, style)
  }

  /// Sets a dot by its place among all dots of the screen, two a column and four a row.
  static func set(x: Int, y: Int, _ style: Style, of buffer: inout Buffer) {
    set((column: x % 2, row: y % 4), x: x / 2, y: y / 4, style, of: &buffer)
  }

  /// The bit of a Braille pattern (Unicode 2800 block) for a dot: the lowest row came later.
  private static func bit(_ dot: (column: Int, row: Int)) -> UInt32 {
    dot.row == 3 ? 0x40 << UInt32(dot.column) : 1 << UInt32(dot.row + 3 * dot.column)
  }
}
