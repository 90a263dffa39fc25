import Masks
import Studies
import TensorCore
public import TerminalUI

/// The mask at the site: what is kept, what was killed, and what was dropped though it was zero.
public struct MaskPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (title, map) = rect.splitTop(1)
    var spans = state.title("mask", of: .mask)
    if state.setting.mode == .eval {
      spans.append(.init("evaluation: none dropped", .dim))
    } else if state.observation.mask.noise != nil {
      spans.append(.init("factors", .dim))
    } else if !state.observation.actsHere {
      spans.append(
        .init("at \(state.site.name) \(LayoutText(state.observation.siteLayout).shape)", .dim))
    } else {
      spans += [
        .init("kept ", Style(Palette.kept, on: Palette.background)),
        .init("dropped ", Style(Palette.killed, on: Palette.background)),
        .init("was zero", Style(Palette.wastedText, on: Palette.background)),
      ]
    }
    TextLine(spans).draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    let plane = state.sitePlane
    let samePlane = plane.rows == state.plane.rows && plane.columns == state.plane.columns
    let noise = state.observation.mask.noise.map { ($0, ValueScale($0, over: plane)) }
    if let (_, scale) = noise {
      scale.drawLegend(from: title.x + 13, in: title, of: &buffer, theme: state.theme, width: 13)
    }
    let picture = MapPicture(plane, cursor: samePlane ? state.cursor : nil) { offset in
      if let (noise, scale) = noise { return scale.ink(noise[offset], state.theme) }
      return state.observation.fate(at: offset).ink(state.theme)
    }
    picture.draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, of: plane, in: map),
      theme: state.theme)
  }
}
