import Masks
import Studies
import TensorCore
public import TerminalUI

/// How likely each cell of the site is to be dropped, by the kind's closed form: for blocks less
/// towards the border, where fewer of them reach.
public struct ProbabilityPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (title, map) = rect.splitTop(1)
    let x = TextLine(state.title("P(dropped)", of: .result))
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    let layout = state.observation.siteLayout
    guard let chances = state.observation.deathProbability(rate: state.setting.rate) else {
      buffer.write("none for this kind", x: x, y: title.y, style: .dim, limit: title.right)
      return
    }
    let scale = ValueScale(chances)
    scale.drawLegend(from: x, in: title, of: &buffer, theme: state.theme, width: 14)
    let plane = Plane(Layout(n: 1, c: 1, h: layout.h, w: layout.w), channel: 0)
    let samePlane = plane.rows == state.plane.rows && plane.columns == state.plane.columns
    MapPicture(plane, cursor: samePlane ? state.cursor : nil) {
      scale.ink(chances[$0], state.theme)
    }
    .draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, of: plane, in: map),
      theme: state.theme)
  }
}
