import Studies
public import TerminalUI

/// What dropout took away and what it did, the most telling first. On one line, meters that have no
/// room are left out from the right, after their words were shortened; with more room each has a
/// line of its own and says what it means.
public struct MetersPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    if rect.height > 1 {
      drawList(state, in: rect, of: &buffer)
    } else {
      drawLine(state, in: rect, of: &buffer)
    }
  }

  private func drawLine(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let meters = MeterText.all(state)
    let hasFocus = state.focus == .meters && state.comparison == nil
    let style = hasFocus ? Style.focusedTitle : .dim
    func items(_ word: (MeterText) -> String) -> [[TextLine.Span]] {
      meters.map { [.init(word($0), style), .init(" ", .dim), .init($0.value, .text)] }
    }
    let long = items(\.word)
    let gap = "  "
    func width(_ items: [[TextLine.Span]]) -> Int {
      // One column at the left, none after the last.
      items.joined().reduce(1) { $0 + $1.width } + gap.count * max(0, items.count - 1)
    }
    var shown = width(long) <= rect.width ? long : items(\.short)
    // Of several dropouts these are the selected one's.
    let isOneOfSeveral = state.comparison == nil && !state.setting.others.isEmpty
    let label = isOneOfSeveral ? [TextLine.Span(" \(state.site.name):", .title)] : []
    let room = rect.width - label.reduce(0) { $0 + $1.width }
    while shown.count > 1, width(shown) > room { shown.removeLast() }
    let spans =
      label + shown.enumerated().flatMap { [TextLine.Span($0 == 0 ? " " : gap, .dim)] + $1 }
    TextLine(spans).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func drawList(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let meters = MeterText.all(state)
    let title = state.comparison == nil ? "at \(state.site.name)" : "from A to B"
    var (line, rest) = rect.splitTop(1)
    TextLine([.init(" ")] + state.title("meters", of: .meters) + [.init(title, .dim)])
      .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    let words = meters.reduce(0) { max($0, $1.word.unicodeScalars.count) } + 2
    let values = meters.reduce(0) { max($0, $1.value.unicodeScalars.count) } + 2
    for meter in meters {
      (line, rest) = rest.splitTop(1)
      TextLine([
        .init(" " + meter.word.padded(to: words), .dim),
        .init(meter.value.padded(to: values), .text), .init(meter.meaning, .dim),
      ]).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }
}
