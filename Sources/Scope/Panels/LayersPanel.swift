import Studies
import TensorCore
public import TerminalUI

/// The list of layers, the marked one kept in view.
public struct LayersPanel: Panel {
  let selected: Int

  /// The list with its marked row.
  public init(selected: Int) { self.selected = selected }

  private func frame(_ state: State, in rect: Rect) -> (frame: OverlayFrame, first: Int) {
    let count = state.experiment.layers.count
    let frame = OverlayFrame(
      title: "layers \(selected + 1)/\(count)", width: 56, height: count, in: rect)
    let rows = frame.inside.height
    return (frame, min(max(0, selected - rows / 2), max(0, count - rows)))
  }

  /// The layer at a place of the screen; nil beside the list.
  func layer(atX x: Int, y: Int, in rect: Rect, _ state: State) -> Int? {
    let (frame, first) = frame(state, in: rect)
    guard frame.inside.contains(x: x, y: y) else { return nil }
    let index = first + y - frame.inside.y
    return index < state.experiment.layers.count ? index : nil
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let layers = state.experiment.layers
    let (frame, first) = frame(state, in: rect)
    frame.draw(of: &buffer, state.theme)
    let rows = frame.inside.height
    for (row, index) in (first..<min(layers.count, first + rows)).enumerated() {
      let layer = layers[index]
      let isSelected = index == selected
      let style = isSelected ? Style.badge(Palette.accent) : .text
      let line = Rect(
        x: frame.inside.x, y: frame.inside.y + row, width: frame.inside.width, height: 1)
      let isShown = layer.value == state.setting.layer
      let text = LayoutText(layer.layout)
      let axes = text.isUsual ? "" : layer.layout.axes.text + " "
      TextLine(
        [
          .init(isShown ? "\(state.theme.glyphs.separator) " : "  ", style),
          .init(layer.name, style),
        ],
        right: [
          .init("\(layer.opType)  ", isSelected ? style : .dim),
          .init(axes, isSelected ? style : .dim), .init("\(layer.layout)", style),
        ], fill: style
      ).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }
}
