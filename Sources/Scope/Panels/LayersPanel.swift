import TensorCore
public import TerminalUI

/// The list of layers, the marked one kept in view.
public struct LayersPanel: Panel {
  let selected: Int

  /// The list with its marked row.
  public init(selected: Int) { self.selected = selected }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let layers = state.experiment.layers
    let frame = OverlayFrame(
      title: "layers \(selected + 1)/\(layers.count)", width: 56, height: layers.count, in: rect)
    frame.draw(of: &buffer, state.theme)
    let rows = frame.inside.height
    let first = min(max(0, selected - rows / 2), max(0, layers.count - rows))
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
