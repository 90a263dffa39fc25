import Masks
import TensorCore
public import TerminalUI

/// What is looked at: input, model, layer with its shape, channel; mode and seed at the right.
public struct HeaderPanel: Panel {
  /// The panel.
  public init() {}

  /// Columns that the names of files keep.
  private static let leastNames = 12

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
    let text = LayoutText(state.layer.layout)
    let separator = " \(state.theme.glyphs.separator) "
    var tail: [TextLine.Span] = [
      .init(state.layer.name, Style(Palette.text, on: Palette.background, .bold)),
      .init(" \(text.shape)", .text),
    ]
    let badge = room >= 50 ? [TextLine.Span(" dropscope ", .badge(Palette.accent))] : []
    // What the axes are, if need be in place of the names of files; then which map it is, in full where
    // those fit beside it.
    let names = subject.inputName.count + label.count + subject.modelName.count + 7
    func add(_ long: String, _ short: String, beside names: Int) {
      let taken = (badge + tail).reduce(names) { $0 + $1.width }
      tail.append(.init("  " + (taken + long.count + 2 <= room ? long : short), .dim))
    }
    let times = state.theme.glyphs.times
    if let note = text.note(times: times), let short = text.shortNote(times: times) {
      add(note, short, beside: min(names, HeaderPanel.leastNames + label.count + 7))
    }
    if state.channels > 1 {
      add(
        text.channel(state.channel, isShort: false), text.channel(state.channel, isShort: true),
        beside: names)
    }
    let marks = 2 * separator.unicodeScalars.count + label.unicodeScalars.count + 1
    let fixed = (badge + tail).reduce(marks) { $0 + $1.width }
    var paths = NameText.shortened(
      [subject.inputName, subject.modelName], to: max(HeaderPanel.leastNames, room - fixed),
      state.theme.glyphs)
    paths[0] += label
    return badge + [.init(" " + paths.map { $0 + separator }.joined(), .text)] + tail
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
