import Studies
import TensorCore
public import TerminalUI

/// The whole input, on screens wide enough for a fourth pane.
public struct InputPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let input = state.experiment.subject.input
    let (title, map) = rect.splitTop(1)
    let plane = Plane(state.experiment.inputLayout, channel: 0)
    let scale = ValueScale(input, over: plane)
    let x = TextLine(state.title("input", of: .input))
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    scale.drawLegend(from: x, in: title, of: &buffer, theme: state.theme)
    let size = ScreenLayout.mapSize(state, of: plane, scale: 1)
    let fits = size.height <= map.height && size.width <= map.width
    if fits {
      MapPicture(plane) { scale.ink(input[$0], state.theme) }
        .draw(
          in: map, of: &buffer, scale: ScreenLayout.scale(state, of: plane, in: map),
          theme: state.theme)
    } else {
      let rows = min(map.height, map.width / 2)
      Thumbnail(input, plane, rows: rows, theme: state.theme).draw(in: map, of: &buffer)
    }
  }
}
