public import TerminalUI

/// The keys and what the marks mean, over everything else.
public struct HelpPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let bindings = state.keymap.applied(to: Bindings.maps + Bindings.always)
    let frame = OverlayFrame(
      title: "keys", width: 66, height: bindings.count + 6, in: rect)
    frame.draw(of: &buffer, state.theme)
    var y = frame.inside.y
    func line(_ spans: [TextLine.Span]) {
      let row = Rect(x: frame.inside.x, y: y, width: frame.inside.width, height: 1)
      if y < frame.inside.bottom {
        TextLine(spans).draw(in: row, of: &buffer, glyphs: state.theme.glyphs)
      }
      y += 1
    }
    for binding in bindings {
      let padding = String(repeating: " ", count: max(1, 15 - binding.label.unicodeScalars.count))
      line([.init(binding.label + padding, .title), .init(binding.help, .text)])
    }
    line([])
    line([
      .init("mask   ", .dim), .init("kept", Style(Palette.kept, on: Palette.background)),
      .init("  "),
      .init("killed: dropped while live", Style(Palette.killed, on: Palette.background)),
    ])
    line([
      .init("       "),
      .init(
        "wasted: dropped though it was zero already",
        Style(Palette.wastedText, on: Palette.background)),
    ])
    if let note = state.experiment.subject.note { line([.init("input  \(note)", .dim)]) }
    if let problem = state.experiment.problem { line([.init("\(problem)", .dim)]) }
  }
}
