/// What a cell of a map is, told by shape as well as by colour: shapes remain where colours do not,
/// on grey screens and for eyes that see few of them.
public enum MapMark: Hashable, CaseIterable, Sendable {
  /// Dropped while live.
  case killed
  /// Dropped though it was zero.
  case wasted
  /// NaN or ±Inf.
  case notFinite
}

extension Cell {
  /// Two cells of a map, one above the other. Without a mark each takes its half. A marked cell
  /// beside an unmarked one is smaller than its half and hides nothing of the other; two marked
  /// alike are crossed, dotted or signed. Every pair of marks has a glyph of its own.
  static func halves(
    _ upper: (color: Color, mark: MapMark?), _ lower: (color: Color, mark: MapMark?),
    _ glyphs: Glyphs
  ) -> Cell {
    let upperInk = Style(upper.color, on: lower.color)
    let lowerInk = Style(lower.color, on: upper.color)
    switch (upper.mark, lower.mark) {
    case (nil, nil): return Cell(upper.color == lower.color ? " " : glyphs.upperHalf, upperInk)
    case (nil, .killed): return Cell("▃", lowerInk)
    case (.killed, nil): return Cell("▅", lowerInk)
    case (nil, .wasted): return Cell("▂", lowerInk)
    case (.wasted, nil): return Cell("▆", lowerInk)
    case (nil, .notFinite): return Cell("▗", lowerInk)
    case (.notFinite, nil): return Cell("▝", upperInk)
    case (.killed, .killed): return Cell(glyphs.killed, Style(Palette.killedMark, on: upper.color))
    case (.wasted, .wasted): return Cell(glyphs.wasted, Style(Palette.wastedMark, on: upper.color))
    case (.notFinite, .notFinite):
      return Cell(glyphs.notFinite, Style(Palette.onAccent, on: upper.color, .bold))
    case (.killed, .wasted): return Cell("▁", lowerInk)
    case (.wasted, .killed): return Cell("▇", lowerInk)
    case (.notFinite, .killed): return Cell("▘", upperInk)
    case (.killed, .notFinite): return Cell("▖", lowerInk)
    case (.notFinite, .wasted): return Cell("▞", upperInk)
    case (.wasted, .notFinite): return Cell("▚", lowerInk)
    }
  }
}
