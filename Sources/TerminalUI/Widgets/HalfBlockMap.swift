/// A map of colours, two of its rows to a row of text: each cell is an upper half block whose
/// foreground is the upper row's colour and whose background is the lower one's.
public struct HalfBlockMap: Sendable {
  /// Columns of the map.
  public let width: Int
  /// Rows of the map.
  public let height: Int
  /// The colours, row by row.
  public var colors: [Color]
  /// What cells are besides their colour, row by row; nil where no cell is marked.
  public var marks: [MapMark?]?
  /// The cell under the cursor, drawn in the cursor's colour.
  public var cursor: (x: Int, y: Int)?
  /// A cell with a corner in the cursor's colour; the rest of it keeps its own, which fills the cell of the
  /// screen that it shares with its neighbour.
  public var corner: (x: Int, y: Int)?
  /// Where the window on a map larger than the rectangle is centred; the cursor if nil.
  public var center: (x: Int, y: Int)?
  /// What lies beside the map: below its last row where their number is odd.
  public var outside = Palette.background

  /// A map of `width`×`height` colours.
  public init(width: Int, height: Int, colors: [Color], cursor: (x: Int, y: Int)? = nil) {
    precondition(width >= 0 && height >= 0 && colors.count == width * height, "colors of a map")
    (self.width, self.height, self.colors, self.cursor) = (width, height, colors, cursor)
  }

  /// Columns and rows of text for the whole map.
  public var textSize: (width: Int, height: Int) { (width, (height + 1) / 2) }

  /// The part of the map that a rectangle shows.
  public func window(in rect: Rect) -> MapWindow {
    MapWindow(
      mapWidth: width, mapHeight: height, roomWidth: rect.width, roomHeight: 2 * rect.height,
      center: center ?? cursor ?? (0, 0))
  }

  /// The map's cell whose upper or lower half lies at a cell of the screen, for the mouse: the upper
  /// one, or the lower one where the cursor is on the upper one already.
  public func cell(atX x: Int, y: Int, in rect: Rect) -> (x: Int, y: Int)? {
    guard rect.contains(x: x, y: y) else { return nil }
    let window = window(in: rect)
    let (column, row) = (window.x + x - rect.x, window.y + 2 * (y - rect.y))
    guard window.contains(x: column, y: row) else { return nil }
    if let cursor, cursor == (column, row), window.contains(x: column, y: row + 1) {
      return (column, row + 1)
    }
    return (column, row)
  }

  /// Draws the map from the rectangle's upper left corner, or the part of it that fits, with arrows
  /// where it goes on.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    let window = window(in: rect)
    for row in stride(from: 0, to: window.height, by: 2) {
      for column in 0..<window.width {
        let (x, y) = (window.x + column, window.y + row)
        let hasLower = row + 1 < window.height
        buffer[rect.x + column, rect.y + row / 2] = .halves(
          (color(x, y), mark(x, y)),
          hasLower ? (color(x, y + 1), mark(x, y + 1)) : (outside, nil), glyphs)
      }
    }
    if let corner, window.contains(x: corner.x, y: corner.y) {
      let (column, row) = (corner.x - window.x, corner.y - window.y)
      let own = color(corner.x, corner.y)
      buffer[rect.x + column, rect.y + row / 2] = Cell(
        row % 2 == 0 ? "▘" : "▖", Style(own.cursorInk, on: own))
    }
    let used = Rect(
      x: rect.x, y: rect.y, width: window.width, height: (window.height + 1) / 2)
    window.markEdges(of: used, in: &buffer, glyphs: glyphs)
  }

  private func color(_ x: Int, _ y: Int) -> Color {
    if let cursor, cursor == (x, y) { return Palette.cursor }
    return colors[y * width + x]
  }

  private func mark(_ x: Int, _ y: Int) -> MapMark? {
    if let cursor, cursor == (x, y) { return nil }
    return marks?[y * width + x]
  }
}
