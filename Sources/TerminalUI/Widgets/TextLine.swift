/// One line of text in several styles, with a part at the right edge.
public struct TextLine: Sendable {
  /// A piece of text in one style.
  public struct Span: Hashable, Sendable {
    /// The text.
    public var text: String
    /// Its style.
    public var style: Style
    /// A piece of text.
    public init(_ text: String, _ style: Style = .text) { (self.text, self.style) = (text, style) }
    /// Columns it takes.
    public var width: Int { VisibleText.line(text).unicodeScalars.count }
  }

  /// From the left edge; cut where the line ends.
  public var spans: [Span]
  /// Up to the right edge; left out as a whole where it does not fit beside the left part.
  public var right: [Span]
  /// What the rest of the line is filled with; nil leaves it as it is.
  public var fill: Style?

  /// A line.
  public init(_ spans: [Span] = [], right: [Span] = [], fill: Style? = nil) {
    (self.spans, self.right, self.fill) = (spans, right, fill)
  }

  /// Columns the left part takes.
  public var width: Int { spans.reduce(0) { $0 + $1.width } }

  /// Draws it over the rectangle's first row. A left part that is too long ends in an ellipsis.
  /// - Returns: the column after the left part.
  @discardableResult
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) -> Int {
    guard !rect.isEmpty else { return rect.x }
    if let fill {
      buffer.fill(rect.splitTop(1).top, with: Cell(" ", fill))
    }
    var x = rect.x
    for span in spans {
      x = buffer.write(span.text, x: x, y: rect.y, style: span.style, limit: rect.right)
    }
    if width > rect.width, rect.width > 1, let mark = glyphs.ellipsis.unicodeScalars.first {
      buffer[rect.right - 1, rect.y].glyph = mark
    }
    let rightWidth = right.reduce(0) { $0 + $1.width }
    if rightWidth > 0, width + (width > 0 ? 1 : 0) + rightWidth <= rect.width {
      var column = rect.right - rightWidth
      for span in right {
        column = buffer.write(span.text, x: column, y: rect.y, style: span.style, limit: rect.right)
      }
    }
    return x
  }
}
