public import TerminalUI

/// The keys and what the marks mean, over everything else.
public struct HelpPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let bindings = state.keymap.applied(to: Bindings.active(state.covered))
    let legend = self.legend(state)
    let name = state.covered?.name.map { "keys: \($0)" } ?? "keys"
    // Two columns where one would not fit.
    let columns = bindings.count + legend.count + 3 > rect.height && rect.width >= 76 ? 2 : 1
    let rows = (bindings.count + columns - 1) / columns
    let frame = OverlayFrame(
      title: name, width: columns == 2 ? 76 : 56, height: rows + legend.count + 1,
      in: rect)
    frame.draw(of: &buffer, state.theme)
    let width = frame.inside.width / columns
    for (index, binding) in bindings.enumerated() {
      let padding = String(repeating: " ", count: max(1, 12 - binding.label.unicodeScalars.count))
      draw(
        [.init(binding.label + padding, .title), .init(binding.help, .text)],
        row: index % rows, column: index / rows * width, in: frame.inside, of: &buffer, state)
    }
    for (index, line) in legend.enumerated() {
      draw(line, row: rows + 1 + index, column: 0, in: frame.inside, of: &buffer, state)
    }
  }

  private func draw(
    _ line: [TextLine.Span], row: Int, column: Int, in rect: Rect, of buffer: inout Buffer,
    _ state: State
  ) {
    guard row < rect.height else { return }
    let room = Rect(x: rect.x + column, y: rect.y + row, width: rect.width - column, height: 1)
    TextLine(line).draw(in: room, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// What the marks of the mask mean, and how the input came to be.
  private func legend(_ state: State) -> [[TextLine.Span]] {
    guard state.covered == nil else { return [] }
    var lines: [[TextLine.Span]] = [
      [
        .init("mask  ", .dim), .init("kept", Style(Palette.kept, on: Palette.background)),
        .init("  "),
        .init("killed: was live", Style(Palette.killed, on: Palette.background)), .init("  "),
        .init(
          "wasted: was zero already", Style(Palette.wastedText, on: Palette.background)),
      ]
    ]
    if let note = state.experiment.subject.note { lines.append([.init("input  \(note)", .dim)]) }
    if let problem = state.experiment.problem { lines.append([.init("\(problem)", .dim)]) }
    return lines
  }
}
