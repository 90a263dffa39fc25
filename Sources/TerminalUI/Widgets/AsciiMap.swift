/// A map for screens without half-blocks or without enough colours: one cell of text, or two side by
/// side, for each cell of the map.
public struct AsciiMap: Sendable {
  /// Columns of the map.
  public let width: Int
  /// Rows of the map.
  public let height: Int
  /// A glyph and a style for each cell of the map, row by row.
  public var cells: [Cell]
  /// Columns of text for a cell of the map: 1, or 2 for cells that look square.
  public var columnsPerCell: Int
  /// The cell under the cursor, drawn on the cursor's colour.
  public var cursor: (x: Int, y: Int)?
  /// Where the window on a map larger than the rectangle is centred; the cursor if nil.
  public var center: (x: Int, y: Int)?

  /// A map of `width`×`height` cells.
  public init(
    width: Int, height: Int, cells: [Cell], columnsPerCell: Int = 1,
    cursor: (x: Int, y: Int)? = nil
  ) {
    precondition(width >= 0 && height >= 0 && cells.count == width * height, "cells of a map")
    precondition(columnsPerCell == 1 || columnsPerCell == 2, "1 or 2 columns for a cell")
    (self.width, self.height, self.cells, self.cursor) = (width, height, cells, cursor)
    self.columnsPerCell = columnsPerCell
  }

  /// Columns and rows of text for the whole map.
  public var textSize: (width: Int, height: Int) { (width * columnsPerCell, height) }

  /// The part of the map that a rectangle shows.
  public func window(in rect: Rect) -> MapWindow {
    MapWindow(
      mapWidth: width, mapHeight: height, roomWidth: rect.width / columnsPerCell,
      roomHeight: rect.height, center: center ?? cursor ?? (0, 0))
  }

  /// The map's cell at a cell of the screen, for the mouse.
  public func cell(atX x: Int, y: Int, in rect: Rect) -> (x: Int, y: Int)? {
    guard rect.contains(x: x, y: y) else { return nil }
    let window = window(in: rect)
    let (column, row) = (window.x + (x - rect.x) / columnsPerCell, window.y + y - rect.y)
    return window.contains(x: column, y: row) ? (column, row) : nil
  }

  /// Draws the map from the rectangle's upper left corner, or the part of it that fits, with arrows
  /// where it goes on.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    let window = window(in: rect)
    for row in 0..<window.height {
      for column in 0..<window.width {
        let (x, y) = (window.x + column, window.y + row)
        var cell = cells[y * width + x]
        if let cursor, cursor == (x, y) {
          cell.style = Style(Palette.background, on: Palette.cursor)
        }
        for part in 0..<columnsPerCell {
          buffer[rect.x + column * columnsPerCell + part, rect.y + row] = cell
        }
      }
    }
    let used = Rect(
      x: rect.x, y: rect.y, width: window.width * columnsPerCell, height: window.height)
    window.markEdges(of: used, in: &buffer, glyphs: glyphs)
  }
}
