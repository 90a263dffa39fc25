import TensorCore
import TerminalUI

/// Small pictures side by side, as large as lets all be seen, in lines.
struct ThumbnailRows {
  /// Rows of text of a picture; it is twice as many columns wide.
  let rows: Int
  private let area: Rect
  private let perLine, lines: Int
  /// Rows below which nothing is told apart.
  private static let least = 3
  /// Rows beyond which a picture tells no more.
  private static let most = 14

  /// So many pictures in a rectangle.
  init(_ count: Int, in area: Rect) {
    self.area = area
    func fit(_ rows: Int) -> (perLine: Int, lines: Int) {
      (max(1, (area.width + 1) / (2 * rows + 1)), max(1, (area.height + 1) / (rows + 1)))
    }
    let largest = max(1, min(area.height, ThumbnailRows.most, area.width / 2))
    rows =
      stride(from: largest, through: min(ThumbnailRows.least, largest), by: -1).first {
        let fit = fit($0)
        return fit.perLine * fit.lines >= count
      } ?? min(ThumbnailRows.least, largest)
    (perLine, lines) = fit(rows)
  }

  /// How many have room.
  var visible: Int { area.isEmpty ? 0 : perLine * lines }

  /// The room of a picture, by its place among those seen.
  func slot(_ place: Int) -> Rect {
    let (line, column) = place.quotientAndRemainder(dividingBy: perLine)
    return Rect(
      x: area.x + column * (2 * rows + 1), y: area.y + line * (rows + 1), width: 2 * rows,
      height: min(rows, area.bottom - area.y - line * (rows + 1)))
  }
}
