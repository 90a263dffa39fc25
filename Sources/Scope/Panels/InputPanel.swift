public import TerminalUI

/// The whole input, on screens wide enough for a fourth pane.
public struct InputPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let picture = InputPicture(state)
    let (title, map) = rect.splitTop(1)
    let x = TextLine(state.title("input", of: .input))
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    picture.scale?.drawLegend(from: x, in: title, of: &buffer, theme: state.theme)
    let plane = picture.plane
    let size = ScreenLayout.mapSize(state, of: plane, scale: 1)
    if size.height <= map.height, size.width <= map.width {
      picture.draw(in: map, of: &buffer, scale: ScreenLayout.scale(state, of: plane, in: map))
    } else {
      picture.drawThumbnail(rows: min(map.height, map.width / 2), in: map, of: &buffer)
    }
  }
}
