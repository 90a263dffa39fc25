public import TerminalUI

/// The keys of the moment, or the answer to the last one. Hints that do not fit are left out from
/// the right; help and quit stay.
public struct HintsPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    if let message = state.message {
      TextLine([.init(" \(message)", Style(Palette.warning, on: Palette.bar))], fill: .bar)
        .draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
      return
    }
    guard state.showsHints else { return }
    let always = state.keymap.applied(to: Bindings.always)
    let pinned = spans(always.filter { $0.hint != nil })
    var room = rect.width - pinned.reduce(0) { $0 + $1.width }
    var shown: [TextLine.Span] = []
    for binding in state.bindings where binding.hint != nil {
      guard !always.contains(where: { $0.label == binding.label }) else { break }
      let hint = spans([binding])
      let width = hint.reduce(0) { $0 + $1.width }
      guard width < room else { break }
      room -= width
      shown += hint
    }
    TextLine(shown, right: pinned, fill: .bar)
      .draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func spans(_ bindings: [Binding]) -> [TextLine.Span] {
    bindings.flatMap { binding in
      [TextLine.Span(" \(binding.label)", .barKey), TextLine.Span(" \(binding.hint ?? "") ", .bar)]
    }
  }
}
