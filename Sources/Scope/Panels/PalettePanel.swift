import Masks
import Studies
import TensorCore
public import TerminalUI

/// What colours and glyphs mean: the states of a cell, the ramp of values, the scale of differences,
/// and how many colours there are.
public struct PalettePanel: Panel {
  /// The panel.
  public init() {}

  /// Columns of text where there is room.
  private static let width = 62

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let isNarrow = rect.width < PalettePanel.width + 4
    let lines =
      fates(state, isNarrow) + [[]] + ramps(state, isNarrow) + [[]] + [depth(state, isNarrow)]
    // Short screens do without the empty lines.
    let shown = lines.count + 2 > rect.height ? lines.filter { !$0.isEmpty } : lines
    let frame = OverlayFrame(
      title: "colours", width: PalettePanel.width, height: shown.count, in: rect)
    frame.draw(of: &buffer, state.theme)
    let hidden = shown.count - frame.inside.height
    if hidden > 0 {
      let text = " \(hidden) more lines on a higher screen "
      buffer.write(
        text.unicodeScalars.count <= frame.inside.width ? text : " \(hidden) more ",
        x: frame.inside.x, y: frame.outside.bottom - 1, style: .title, limit: frame.inside.right)
    }
    for (row, spans) in shown.prefix(frame.inside.height).enumerated() {
      let line = Rect(
        x: frame.inside.x, y: frame.inside.y + row, width: frame.inside.width, height: 1)
      TextLine(spans).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }

  /// The four states and what is no number: a swatch as in maps of colours, a glyph as in others.
  private func fates(_ state: State, _ isNarrow: Bool) -> [[TextLine.Span]] {
    let long: [(Fate, String)] = [
      (.live, "kept (nonzero)"), (.killed, "dropped (nonzero)"),
      (.wasted, "dropped (already zero)"), (.zero, "kept (zero)"),
    ]
    let short = [
      (Fate.live, "kept"), (.killed, "dropped"), (.wasted, "was zero"), (.zero, "zero"),
    ]
    let meanings = isNarrow ? short : long
    let none = MapPicture.Ink(Palette.notFinite, state.theme.glyphs.notFinite)
    return meanings.map { line($0.ink(state.theme), $1, state) }
      + [line(none, "NaN or Inf", state)]
  }

  private func line(_ ink: MapPicture.Ink, _ text: String, _ state: State) -> [TextLine.Span] {
    let glyph = String(Character(ink.glyph))
    let drawn = glyph + glyph + glyph
    let marks = TextLine.Span(drawn, Style(ink.glyphColor, on: Palette.background))
    let swatch = TextLine.Span("    ", Style(ink.color, on: ink.color))
    return (state.theme.usesHalfBlocks ? [swatch] : [.init(" "), marks])
      + [.init("  \(text)", .text)]
  }

  /// The ramp with the values it stands for on the maps now, and the scale of differences.
  private func ramps(_ state: State, _ isNarrow: Bool) -> [[TextLine.Span]] {
    let theme = state.theme
    let clean = ValueScale(state.observation.clean, over: state.plane)
    let steps = stride(from: Float(0), through: 1, by: isNarrow ? 1 / 7 : 1 / 15)
    let ramp = steps.map { cell(theme.ramp.color(at: $0), Ramp.glyph(at: $0), theme) }
    let diverging = steps.map {
      cell(DivergingRamp.color(at: 2 * $0 - 1), DivergingRamp.glyph(at: 2 * $0 - 1), theme)
    }
    let ends = [clean.low, (clean.low + clean.high) / 2, clean.high].map(NumberText.short)
    let names = Ramp.allCases.flatMap { each -> [TextLine.Span] in
      let style: Style = each == theme.ramp ? .badge(Palette.accent) : .dim
      return [.init(" \(each.rawValue) ", style), .init(" ", .dim)]
    }
    if isNarrow {
      return [
        ramp + [.init(" \(ends[0]) to \(ends[2])", .text)],
        diverging + [.init(" A more, B more", .text)],
        [.init("P ramp ", .dim), .init(theme.ramp.rawValue, .badge(Palette.accent))],
      ]
    }
    return [
      [.init("values       ", .dim)] + ramp
        + [.init("  \(ends.joined(separator: ", "))", .text), .init(" on clean", .dim)],
      [.init("differences  ", .dim)] + diverging + [.init("  A more, same, B more", .text)],
      [.init("ramp        ", .dim)] + names,
      [.init("             P goes to the next", .dim)],
    ]
  }

  private func cell(_ color: Color, _ glyph: Unicode.Scalar, _ theme: Theme) -> TextLine.Span {
    theme.usesHalfBlocks
      ? .init(" ", Style(color, on: color))
      : .init(String(Character(glyph)), Style(color, on: Palette.background))
  }

  private func depth(_ state: State, _ isNarrow: Bool) -> [TextLine.Span] {
    let glyphs = state.theme.glyphs.isUnicode ? "Unicode" : "ASCII"
    let maps = state.theme.usesHalfBlocks ? "half-blocks" : "glyphs"
    let words = "\(state.theme.depth.words), \(glyphs)"
    return isNarrow
      ? [.init(words, .text)]
      : [.init("terminal     ", .dim), .init("\(words): maps of \(maps)", .text)]
  }
}

extension ColorDepth {
  /// How many colours, in words.
  fileprivate var words: String {
    switch self {
    case .none: "no colour"
    case .ansi8: "8 colours"
    case .ansi16: "16 colours"
    case .palette256: "256 colours"
    case .truecolor: "24-bit colour"
    }
  }
}
