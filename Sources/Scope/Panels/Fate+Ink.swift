import TerminalUI

extension Fate {
  /// How a cell of the mask looks: the four states differ in brightness, hue and glyph.
  func ink(_ theme: Theme) -> MapPicture.Ink {
    let glyphs = theme.glyphs
    switch self {
    case .live: return MapPicture.Ink(Palette.kept, glyphs.fullBlock)
    case .zero: return MapPicture.Ink(Palette.zero, " ", glyphColor: Palette.dim)
    case .killed: return MapPicture.Ink(Palette.killed, glyphs.killed, mark: .killed)
    case .wasted:
      return MapPicture.Ink(
        Palette.wasted, glyphs.wasted, glyphColor: Palette.wastedText, mark: .wasted)
    }
  }
}
