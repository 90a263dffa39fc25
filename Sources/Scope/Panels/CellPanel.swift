import Masks
import Studies
import TensorCore
public import TerminalUI

/// The cell under the cursor: its value before, its uniform, from which rate on it is dropped, its value after.
public struct CellPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard let offset = state.plane.offset(y: state.cursor.row, x: state.cursor.column) else {
      return
    }
    let observation = state.observation
    let name = " \(LayoutText(observation.layout).cell(offset))  "
    var spans: [TextLine.Span] = [
      .init(name, .dim), .init(NumberText.value(observation.clean[offset]), .text),
    ]
    if observation.actsHere { spans += fate(of: offset, state) }
    spans.append(.init("  \(state.theme.glyphs.arrow)  ", .dim))
    spans.append(.init(NumberText.value(observation.dropped[offset]), .text))
    if let difference = state.comparison?.difference.map({ $0.values[offset] }) {
      spans.append(.init("  B\(state.theme.glyphs.minus)A ", .dim))
      spans.append(.init(NumberText.value(difference), .text))
    }
    // Where dropout acts; how the input was made to fit, where there is room for both.
    let others = state.setting.others.count
    var right: [TextLine.Span] =
      state.setting.isPlaced
      ? [
        .init("at ", .dim), .init(state.site.name, .text),
        .init(others == 0 ? " " : " +\(others) ", .title),
      ]
      : [
        .init(others == 0 ? "no dropout " : "at \(others) other\(others == 1 ? "" : "s") ", .title)
      ]
    if let note = state.experiment.subject.note {
      let wide = [TextLine.Span("input \(note)  ", .dim)] + right
      let width = (spans + wide).reduce(1) { $0 + $1.width }
      if width <= rect.width { right = wide }
    }
    TextLine(spans, right: right).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func fate(of offset: Int, _ state: State) -> [TextLine.Span] {
    let observation = state.observation
    let isKept = observation.mask.kept[offset]
    var spans: [TextLine.Span] = []
    if let noise = observation.mask.noise {
      return [.init("  factor ", .dim), .init(NumberText.value(noise[offset]), .text)]
    }
    if state.setting.kind != "manual" {
      let u = observation.field.uniform(at: offset, in: observation.siteLayout)
      let dies = observation.leastRate(dropping: offset)
      spans += [
        .init("  u ", .dim), .init(NumberText.fixed(Double(u), 4).withoutLeadingZero, .text),
        .init(
          dies.map { "  dropped from p \(NumberText.fixed($0, 2).withoutLeadingZero)" }
            ?? "  never dropped", .dim),
      ]
    }
    spans.append(.init("  mask ", .dim))
    spans.append(
      isKept
        ? .init("1 kept", .text)
        : .init("0 dropped", Style(Palette.killed, on: Palette.background)))
    return spans
  }
}
