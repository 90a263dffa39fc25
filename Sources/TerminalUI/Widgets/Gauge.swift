/// A fraction on a line: `├────●────┤`, its filled part in a colour of its own.
public struct Gauge: Sendable {
  /// Where it stands, 0…1; what lies beyond counts as the nearer end, NaN as 0.
  public var fraction: Double
  /// The part up to the knob.
  public var filled: Style
  /// The part beyond it, and the ends.
  public var empty: Style
  /// The knob.
  public var knob: Style

  /// A gauge; by default accent on the theme's background.
  public init(
    _ fraction: Double, filled: Style = .title, empty: Style = .dim,
    knob: Style = Style(Palette.cursor, on: Palette.background)
  ) {
    (self.fraction, self.filled, self.empty, self.knob) = (fraction, filled, empty, knob)
  }

  /// Draws it over the rectangle's first row; the ends are left out where there is no room.
  public func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs = .unicode) {
    guard !rect.isEmpty else { return }
    let hasEnds = rect.width >= 4
    let (start, end) = hasEnds ? (rect.x + 1, rect.right - 1) : (rect.x, rect.right)
    let position = start + Gauge.position(of: fraction, in: end - start)
    for x in start..<end {
      buffer[x, rect.y] =
        x < position
        ? Cell(glyphs.gaugeFilled, filled)
        : x > position ? Cell(glyphs.gaugeEmpty, empty) : Cell(glyphs.gaugeKnob, knob)
    }
    guard hasEnds else { return }
    buffer[rect.x, rect.y] = Cell(glyphs.gaugeStart, position > rect.x ? filled : empty)
    buffer[rect.right - 1, rect.y] = Cell(glyphs.gaugeEnd, empty)
  }

  /// The fraction at a column of a gauge drawn in `rect`, for the mouse; nil beside it.
  public static func fraction(atX x: Int, in rect: Rect) -> Double? {
    guard (rect.x..<rect.right).contains(x) else { return nil }
    let (start, steps) = rect.width >= 4 ? (rect.x + 1, rect.width - 3) : (rect.x, rect.width - 1)
    return steps > 0 ? min(1, max(0, Double(x - start) / Double(steps))) : 0
  }

  private static func position(of fraction: Double, in cells: Int) -> Int {
    let fraction = fraction > 0 ? min(1, fraction) : 0
    return Int((fraction * Double(cells - 1)).rounded())
  }
}
