import Studies
import TensorCore
public import TerminalUI

/// The shown layer without dropout, with the range of its values.
public struct CleanPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (title, map) = rect.splitTop(1)
    let observation = state.observation
    let scale = ValueScale(observation.clean, over: state.plane)
    let label = TextLine(state.title("clean", of: .clean))
    let x = label.draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    scale.drawLegend(from: x, in: title, of: &buffer, theme: state.theme)
    let picture = MapPicture(state.plane, cursor: state.cursor) {
      scale.ink(observation.clean[$0], state.theme)
    }
    picture.draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, in: map), theme: state.theme)
  }
}

extension ValueScale {
  /// Draws the legend from column `x` to the right end of a title, one column of it left free.
  func drawLegend(
    from x: Int, in title: Rect, of buffer: inout Buffer, theme: Theme, width: Int = 18
  ) {
    let room = Rect(x: x, y: title.y, width: min(width, title.right - 1 - x), height: title.height)
    // Without colour the bar is made of the ramp's glyphs, as it is on an ASCII terminal.
    Legend(theme.ramp, low: NumberText.short(low), high: NumberText.short(high))
      .draw(in: room, of: &buffer, glyphs: theme.usesHalfBlocks ? theme.glyphs : .ascii)
  }
}
