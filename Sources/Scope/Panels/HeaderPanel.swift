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

  /// Input, model, layer, what its axes are, channel. Where room is short names of files are cut first,
  /// then the program's goes, then words become letters.
  private func left(_ state: State, room: Int) -> [TextLine.Span] {
    let subject = state.experiment.subject
    let label = subject.label.map { " label \($0)" } ?? ""
    let shown = state.layer
    let text = LayoutText(shown.layout)
    let separator = " \(state.theme.glyphs.separator) "
    let layer = "\(shown.name) \(text.shape)"
    let full = subject.inputName.unicodeScalars.count + subject.modelName.unicodeScalars.count
    let marks = 2 * separator.unicodeScalars.count + label.unicodeScalars.count + 1
    let badge = room >= 50 ? [TextLine.Span(" dropscope ", .badge(Palette.accent))] : []
    let badgeWidth = badge.reduce(0) { $0 + $1.width }
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
    let hasBadge = badgeWidth + least + width([note, channel]) <= room
    let before = hasBadge ? badgeWidth : 0
    if hasChannels {
      let long = text.channel(state.channel, isShort: false)
      if before + full + width([note, long]) <= room { channel = long }
    }
    let tail = [note, channel].filter { !$0.isEmpty }.map { TextLine.Span("  " + $0, .dim) }
    let rest = room - before - width([note, channel])
    var names = NameText.shortened(
      [subject.inputName, subject.modelName], to: max(HeaderPanel.leastNames, rest),
      state.theme.glyphs)
    names[0] += label
    return (hasBadge ? badge : [])
      + [
        .init(" " + names.map { $0 + separator }.joined(), .text),
        .init(shown.name, Style(Palette.text, on: Palette.background, .bold)),
        .init(" \(text.shape)", .text),
      ] + tail
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
