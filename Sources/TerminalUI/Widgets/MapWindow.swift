/// The part of a map that is seen through a rectangle too small for all of it.
public struct MapWindow: Hashable, Sendable {
  /// The leftmost column of the map that is seen.
  public let x: Int
  /// The topmost row of the map that is seen.
  public let y: Int
  /// Columns seen.
  public let width: Int
  /// Rows seen.
  public let height: Int
  /// Columns of the map.
  public let mapWidth: Int
  /// Rows of the map.
  public let mapHeight: Int

  /// A window of `room` columns and rows on a map, moved as far as the map reaches so that `center`
  /// lies near its middle.
  public init(
    mapWidth: Int, mapHeight: Int, roomWidth: Int, roomHeight: Int,
    center: (x: Int, y: Int) = (0, 0)
  ) {
    (self.mapWidth, self.mapHeight) = (max(0, mapWidth), max(0, mapHeight))
    width = min(self.mapWidth, max(0, roomWidth))
    height = min(self.mapHeight, max(0, roomHeight))
    x = min(max(0, center.x - width / 2), self.mapWidth - width)
    y = min(max(0, center.y - height / 2), self.mapHeight - height)
  }

  /// Whether all of the map is seen.
  public var showsAll: Bool { width == mapWidth && height == mapHeight }

  /// Whether a cell of the map is seen.
  public func contains(x: Int, y: Int) -> Bool {
    (self.x..<self.x + width).contains(x) && (self.y..<self.y + height).contains(y)
  }

  /// Marks the edges of a rectangle beyond which the map goes on.
  func markEdges(of rect: Rect, in buffer: inout Buffer, glyphs: Glyphs) {
    guard !rect.isEmpty else { return }
    func mark(_ glyph: Unicode.Scalar, _ column: Int, _ row: Int) {
      buffer[column, row] = Cell(glyph, Style(Palette.text, on: Palette.bar, .bold))
    }
    let (middleX, middleY) = (rect.x + rect.width / 2, rect.y + rect.height / 2)
    if x > 0 { mark(glyphs.moreLeft, rect.x, middleY) }
    if x + width < mapWidth { mark(glyphs.moreRight, rect.right - 1, middleY) }
    if y > 0 { mark(glyphs.moreAbove, middleX, rect.y) }
    if y + height < mapHeight { mark(glyphs.moreBelow, middleX, rect.bottom - 1) }
  }
}
