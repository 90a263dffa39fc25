import TerminalUI

/// Where the thumbnails of channels stand in a rectangle: as large as lets all channels be seen, else
/// as small as can be read, in pages. Each has a row of its own for a label.
struct ThumbnailGrid {
  let area: Rect
  /// Rows of text of a thumbnail; it is twice as many columns wide.
  let rows: Int
  let perLine: Int
  let lines: Int
  /// Rows below which a map cannot be read.
  static let least = 4

  /// - Parameter native: the rows of text at which a thumbnail has a cell for every cell of the map.
  ///   Larger ones are multiples of it, so that all cells stay of one size.
  init(channels: Int, in area: Rect, native: Int) {
    self.area = area
    func fit(_ rows: Int) -> (perLine: Int, lines: Int) {
      (max(1, (area.width + 1) / (2 * rows + 1)), max(1, area.height / (rows + 1)))
    }
    let room = max(1, min(area.height - 1, area.width / 2))
    let native = max(ThumbnailGrid.least, native)
    let sizes = (min(ThumbnailGrid.least, room)...room).filter { $0 <= native || $0 % native == 0 }
    rows =
      sizes.last {
        let fit = fit($0)
        return fit.perLine * fit.lines >= channels
      } ?? sizes[0]
    (perLine, lines) = fit(rows)
  }

  /// A grid of the shown layer's channels.
  init(_ state: State, in area: Rect) {
    let rows = state.plane.rows
    self.init(
      channels: state.channels, in: area,
      native: state.theme.usesHalfBlocks ? (rows + 1) / 2 : rows)
  }

  /// Thumbnails on a page.
  var visible: Int { perLine * lines }

  /// The channel whose thumbnail lies at a place of the screen, of a page that begins at `first`.
  func channel(atX x: Int, y: Int, first: Int, of count: Int) -> Int? {
    (first..<min(count, first + visible)).first { slot($0 - first).contains(x: x, y: y) }
  }

  /// The first channel seen, such that `channel` is: whole pages.
  func first(showing channel: Int) -> Int { channel / visible * visible }

  /// The room of the n-th thumbnail of a page, its label's row included.
  func slot(_ index: Int) -> Rect {
    Rect(
      x: area.x + index % perLine * (2 * rows + 1), y: area.y + index / perLine * (rows + 1),
      width: 2 * rows, height: rows + 1)
  }
}
