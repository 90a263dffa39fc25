import TerminalUI

/// A box in the middle of the screen with a title: what help and lists are drawn in.
struct OverlayFrame {
  /// The box, border included.
  let outside: Rect
  /// The room for text.
  let inside: Rect
  private let title: String

  /// A box for so many columns and rows of text, cut where the screen is smaller.
  init(title: String, width: Int, height: Int, in rect: Rect) {
    self.title = title
    let (w, h) = (min(rect.width, width + 4), min(rect.height, height + 2))
    outside = Rect(
      x: rect.x + (rect.width - w) / 2, y: rect.y + (rect.height - h) / 2, width: w, height: h)
    inside = Rect(x: outside.x + 2, y: outside.y + 1, width: w - 4, height: h - 2)
  }

  /// Clears the box and draws its border.
  func draw(of buffer: inout Buffer, _ theme: Theme) {
    buffer.fill(outside, with: Cell(" ", .text))
    let glyphs = theme.glyphs
    for x in outside.x..<outside.right {
      buffer[x, outside.y] = Cell(glyphs.horizontal, .dim)
      buffer[x, outside.bottom - 1] = Cell(glyphs.horizontal, .dim)
    }
    for y in outside.y..<outside.bottom {
      buffer[outside.x, y] = Cell(glyphs.vertical, .dim)
      buffer[outside.right - 1, y] = Cell(glyphs.vertical, .dim)
    }
    let corners = theme.glyphs.isUnicode ? ("┌", "┐", "└", "┘") : ("+", "+", "+", "+")
    buffer.write(corners.0, x: outside.x, y: outside.y, style: .dim)
    buffer.write(corners.1, x: outside.right - 1, y: outside.y, style: .dim)
    buffer.write(corners.2, x: outside.x, y: outside.bottom - 1, style: .dim)
    buffer.write(corners.3, x: outside.right - 1, y: outside.bottom - 1, style: .dim)
    buffer.write(
      " \(title) ", x: outside.x + 2, y: outside.y, style: .title, limit: outside.right - 1)
  }
}
