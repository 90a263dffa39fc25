import Masks
public import TerminalUI

/// The mask at the site: what is kept, what was killed, and what was dropped though it was zero.
public struct MaskPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (title, map) = rect.splitTop(1)
    var spans = [TextLine.Span("mask ", .title)]
    if state.setting.mode == .eval {
      spans.append(.init("eval: nothing drops", .dim))
    } else if state.setting.pinnedSite != nil, !state.observation.actsHere {
      spans.append(.init("at \(state.site.name)", .dim))
    } else {
      spans += [
        .init("kept ", Style(Palette.kept, on: Palette.background)),
        .init("killed ", Style(Palette.killed, on: Palette.background)),
        .init("wasted", Style(Palette.wastedText, on: Palette.background)),
      ]
    }
    TextLine(spans).draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    let plane = state.sitePlane
    let samePlane = plane.rows == state.plane.rows && plane.columns == state.plane.columns
    let picture = MapPicture(plane, cursor: samePlane ? state.cursor : nil) {
      state.observation.fate(at: $0).ink(state.theme)
    }
    picture.draw(
      in: map, of: &buffer, scale: samePlane ? Layout.scale(state, in: map) : 1,
      theme: state.theme)
  }
}
