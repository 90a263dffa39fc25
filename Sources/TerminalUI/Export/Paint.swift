/// What a cell is made of in a picture: the colours of its two halves, and maybe a glyph on them.
struct Paint: Equatable {
  /// The colour of the upper half.
  var upper: Color
  /// The colour of the lower half.
  var lower: Color

  /// The colours of a cell; a glyph that is text leaves both halves in the background's colour.
  init(_ cell: Cell) {
    let (ink, paper) = Paint.colors(of: cell.style)
    switch cell.glyph {
    case "▀": (upper, lower) = (ink, paper)
    case "▄": (upper, lower) = (paper, ink)
    case "█": (upper, lower) = (ink, ink)
    default: (upper, lower) = (paper, paper)
    }
  }

  /// Upper and lower.
  var halves: [Color] { [upper, lower] }

  /// Whether a glyph has to be drawn as one.
  static func isText(_ glyph: Unicode.Scalar) -> Bool {
    glyph != "▀" && glyph != "▄" && glyph != "█" && !(0x2800...0x28FF).contains(glyph.value)
  }

  /// The colours a style shows: the terminal's own are the theme's, reverse video is carried out.
  static func colors(of style: Style) -> (ink: Color, paper: Color) {
    let ink = style.foreground == .terminal ? Palette.text : style.foreground
    let paper = style.background == .terminal ? Palette.background : style.background
    return style.attributes.contains(.reverse) ? (paper, ink) : (ink, paper)
  }
}
