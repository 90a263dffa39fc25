import Studies
import TensorCore
public import TerminalUI

/// The list of layers, the marked one kept in view.
public struct LayersPanel: Panel {
  private let mark: ListMark

  /// The list with its marked row.
  public init(_ mark: ListMark) { self.mark = mark }

  /// The layers that fit what narrows them down.
  static func rows(_ state: State, _ mark: ListMark) -> ListRows {
    let layers = state.experiment.layers
    return ListRows(count: layers.count, mark: mark) { "\(layers[$0].name) \(layers[$0].opType)" }
  }

  private func frame(_ rows: ListRows, in rect: Rect) -> OverlayFrame {
    let place = rows.marked.map { "\($0 + 1)/" } ?? ""
    return OverlayFrame(
      title: "layers \(place)\(rows.count)", width: 56, height: max(1, rows.rows.count), in: rect)
  }

  /// The layer at a place of the screen; nil beside the list.
  func layer(atX x: Int, y: Int, in rect: Rect, _ state: State) -> Int? {
    let rows = LayersPanel.rows(state, mark)
    return rows.row(atX: x, y: y, in: frame(rows, in: rect).inside)
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let layers = state.experiment.layers
    let rows = LayersPanel.rows(state, mark)
    let frame = frame(rows, in: rect)
    frame.draw(of: &buffer, state.theme)
    for (row, line) in rows.lines(in: frame.inside) {
      let layer = layers[row]
      let isSelected = row == rows.marked
      let style = isSelected ? Style.badge(Palette.accent) : .text
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
