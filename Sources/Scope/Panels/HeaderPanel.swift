import Masks
import TensorCore
public import TerminalUI

/// What is looked at: input, model, layer with its shape, channel; mode and seed at the right.
public struct HeaderPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    // Mode and seed stay; the path gives way.
    let right = self.right(state, showsScaling: rect.width >= 60)
    let width = right.reduce(0) { $0 + $1.width }
    let hasRight = width + 20 <= rect.width
    let (line, rest) = rect.splitLeft(hasRight ? rect.width - width : rect.width)
    TextLine(left(state, room: line.width), fill: .text)
      .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    if hasRight { TextLine(right).draw(in: rest, of: &buffer, glyphs: state.theme.glyphs) }
  }

  /// Input, model, layer, channel. Long names of files are cut before the layer's is.
  private func left(_ state: State, room: Int) -> [TextLine.Span] {
    let subject = state.experiment.subject
    let label = subject.label.map { " label \($0)" } ?? ""
    let layout = state.layer.layout
    let shape = Plane.isVector(layout) ? "[\(layout.c)]" : "[\(layout.c),\(layout.h),\(layout.w)]"
    let separator = " \(state.theme.glyphs.separator) "
    var tail: [TextLine.Span] = [
      .init(state.layer.name, Style(Palette.text, on: Palette.background, .bold)),
      .init(" \(shape)", .text),
    ]
    let badge = room >= 50 ? [TextLine.Span(" dropscope ", .badge(Palette.accent))] : []
    if state.channels > 1 {
      let names = subject.inputName.count + label.count + subject.modelName.count + 7
      let taken = (badge + tail).reduce(names) { $0 + $1.width }
      let long = "  channel \(state.channel) of \(state.channels)"
      let short = "  ch \(state.channel)/\(state.channels)"
      tail.append(.init(taken + long.count <= room ? long : short, .dim))
    }
    let marks = 2 * separator.unicodeScalars.count + label.unicodeScalars.count + 1
    let fixed = (badge + tail).reduce(marks) { $0 + $1.width }
    var names = NameText.shortened(
      [subject.inputName, subject.modelName], to: max(12, room - fixed), state.theme.glyphs)
    names[0] += label
    return badge + [.init(" " + names.map { $0 + separator }.joined(), .text)] + tail
  }

  private func right(_ state: State, showsScaling: Bool) -> [TextLine.Span] {
    let isTraining = state.setting.mode == .train
    // A rule scales in its own way.
    let word = state.observation.rule ?? state.setting.scaling.rawValue
    let scaling = showsScaling ? " \(word)" : ""
    return [
      .init(state.isResampling ? " \(state.theme.glyphs.running) " : " ", .title),
      .init(isTraining ? "train" : " eval ", isTraining ? .title : .badge(Palette.warning)),
      .init("\(scaling)  seed \(state.setting.seed) ", .dim),
    ]
  }
}
