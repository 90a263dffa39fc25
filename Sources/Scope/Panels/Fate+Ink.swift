import Studies
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
  /// How a dropped cell looks after dropout: dark, with a dim mark, so that at any rate what survives is
  /// what one sees. Nil for cells that are kept.
  func inkAfterDropout(_ theme: Theme) -> MapPicture.Ink? {
    let glyphs = theme.glyphs
    switch self {
    case .live, .zero: return nil
    case .killed:
      return MapPicture.Ink(
        Palette.droppedCell, glyphs.killed, glyphColor: Palette.dim, mark: .killed)
    case .wasted:
      return MapPicture.Ink(
        Palette.droppedCell, glyphs.wasted, glyphColor: Palette.dim, mark: .wasted)
    }
  }
}
