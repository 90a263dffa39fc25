/// A ramp with the values at its ends: `0 ▒▒▒▒▒▒ 3.05`.
public struct Legend: Sendable {
  /// The colours.
  public var ramp: Ramp
  /// What the dark end stands for.
  public var low: String
  /// What the bright end stands for.
  public var high: String
  /// The style of both.
  public var text: Style

  /// A legend; the numbers come formatted.
  public init(_ ramp: Ramp, low: String, high: String, text: Style = .dim) {
    (self.ramp, self.low, self.high, self.text) = (ramp, low, high, text)
  }

  /// Draws it over the rectangle's first row, the bar as long as there is room; without room for a
  /// bar of three cells it is `low … high`. On an ASCII terminal the bar is made of the ramp's
  /// glyphs.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    guard !rect.isEmpty else { return }
    let bar = rect.width - low.unicodeScalars.count - high.unicodeScalars.count - 2
    guard bar >= 3 else {
      TextLine([TextLine.Span("\(low) \(glyphs.ellipsis) \(high)", text)])
        .draw(in: rect, of: &buffer, glyphs: glyphs)
      return
    }
    var x = buffer.write("\(low) ", x: rect.x, y: rect.y, style: text, limit: rect.right)
    for step in 0..<bar {
      let value = Float(step) / Float(bar - 1)
      let color = ramp.color(at: value)
      buffer[x, rect.y] =
        glyphs.isUnicode
        ? Cell(" ", Style(color, on: color))
        : Cell(Ramp.glyph(at: value), Style(color, on: Palette.background))
      x += 1
    }
    buffer.write(" \(high)", x: x, y: rect.y, style: text, limit: rect.right)
  }
}
