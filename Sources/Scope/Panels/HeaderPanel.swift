import Masks
import Studies
import TensorCore
public import TerminalUI

/// What is looked at: input, model, layer with its shape, channel; which dropouts act at the right.
public struct HeaderPanel: Panel {
  /// The panel.
  public init() {}

  /// Columns that the names of files keep.
  private static let leastNames = 12

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    // Which dropouts act stays; the path gives way.
    let chips = ActiveDropouts(state, in: rect)
    let (line, rest) = rect.splitLeft(rect.width - chips.width)
    TextLine(left(state, room: line.width), fill: .text)
      .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    TextLine(chips.spans).draw(in: rest, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// Input, model, layer, what its axes are, channel. Where room is short names of files are cut first,
  /// then words become letters.
  private func left(_ state: State, room: Int) -> [TextLine.Span] {
    let subject = state.experiment.subject
    let label = subject.label.map { " label \($0)" } ?? ""
    let shown = state.layer
    let text = LayoutText(shown.layout)
    let separator = " \(state.theme.glyphs.separator) "
    let layer = "\(shown.name) \(text.shape)"
    let full = subject.inputName.unicodeScalars.count + subject.modelName.unicodeScalars.count
    let marks = 2 * separator.unicodeScalars.count + label.unicodeScalars.count + 1
    func width(_ parts: [String]) -> Int {
      parts.reduce(marks + layer.unicodeScalars.count) {
        $0 + ($1.isEmpty ? 0 : 2 + $1.unicodeScalars.count)
      }
    }
    let hasChannels = state.channels > 1
    var channel = hasChannels ? text.channel(state.channel, isShort: true) : ""
    let times = state.theme.glyphs.times
    var note = text.note(times: times) ?? ""
    let least = min(full, HeaderPanel.leastNames)
    if least + width([note, channel]) > room { note = text.shortNote(times: times) ?? "" }
    if hasChannels {
      let long = text.channel(state.channel, isShort: false)
      if full + width([note, long]) <= room { channel = long }
    }
    let tail = [note, channel].filter { !$0.isEmpty }.map { TextLine.Span("  " + $0, .dim) }
    let rest = room - width([note, channel])
    var names = NameText.shortened(
      [subject.inputName, subject.modelName], to: max(HeaderPanel.leastNames, rest),
      state.theme.glyphs)
    names[0] += label
    return [
      .init(" " + names.map { $0 + separator }.joined(), .text),
      .init(shown.name, Style(Palette.text, on: Palette.background, .bold)),
      .init(" \(text.shape)", .text),
    ] + tail
  }
}
