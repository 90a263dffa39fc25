import Studies
import TensorCore
public import TerminalUI

/// B − A of the shown layer: blue where B is less, orange where it is more, dark where they are the
/// same; with glyphs for the sign where there is no colour.
public struct DifferencePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard let difference = state.comparison?.difference, !rect.isEmpty else { return }
    let (title, map) = rect.splitTop(1)
    let values = difference.values
    let plane = state.plane
    let size = plane.offsets.reduce(Float(0)) {
      values[$1].isFinite ? max($0, abs(values[$1])) : $0
    }
    let glyphs = state.theme.glyphs
    let x = TextLine(state.title("B\(glyphs.minus)A", of: .result))
      .draw(in: title, of: &buffer, glyphs: glyphs)
    if ScreenLayout(state)?.meters == nil, let changed = difference.changed {
      // The numbers have no line of their own on so small a screen.
      let text = NumberText.fixed(changed.share * 100, 1) + "%"
      buffer.write(text, x: x, y: title.y, style: .text, limit: title.right)
    } else {
      drawLegend(size, from: x, in: title, of: &buffer, state.theme)
    }
    let picture = MapPicture(plane, cursor: state.cursor) { offset in
      let value = values[offset].isFinite && size > 0 ? values[offset] / size : values[offset]
      return MapPicture.Ink(DivergingRamp.color(at: value), DivergingRamp.glyph(at: value))
    }
    picture.draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, in: map), theme: state.theme)
  }

  /// The scale from −`size` to `size`; without room for a bar the ends alone.
  private func drawLegend(
    _ size: Float, from x: Int, in title: Rect, of buffer: inout Buffer, _ theme: Theme
  ) {
    let end = title.right - 1
    guard size > 0 else {
      buffer.write("none", x: x, y: title.y, style: .dim, limit: end)
      return
    }
    let high = NumberText.short(size)
    let low = theme.glyphs.minus + high
    let bar = min(11, end - x - low.unicodeScalars.count - high.unicodeScalars.count - 2)
    guard bar >= 4 else {
      buffer.write("\(theme.glyphs.plusMinus)\(high)", x: x, y: title.y, style: .dim, limit: end)
      return
    }
    var x = buffer.write("\(low) ", x: x, y: title.y, style: .dim)
    for step in 0..<bar {
      let value = Float(2 * step) / Float(bar - 1) - 1
      let color = DivergingRamp.color(at: value)
      buffer[x, title.y] =
        theme.usesHalfBlocks
        ? Cell(" ", Style(color, on: color))
        : Cell(DivergingRamp.glyph(at: value), Style(color, on: Palette.background))
      x += 1
    }
    buffer.write(" \(high)", x: x, y: title.y, style: .dim)
  }
}
