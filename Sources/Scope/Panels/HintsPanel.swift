public import TerminalUI

/// The keys of the moment, or the answer to the last one. Hints that do not fit are left out from
/// the right; help, the palette and quit stay.
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
    let hints = HintsPanel.hints(state, width: rect.width)
    TextLine(
      FilterText.spans(state) + hints.shown.flatMap(HintsPanel.spans),
      right: hints.pinned.flatMap(HintsPanel.spans), fill: .bar
    ).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// What a press on the line means; nil beside the hints.
  static func action(atX x: Int, in rect: Rect, _ state: State) -> Action? {
    guard state.message == nil, state.showsHints else { return nil }
    let hints = hints(state, width: rect.width)
    let filter = FilterText.spans(state).reduce(0) { $0 + $1.width }
    for (start, bindings) in [
      (rect.x + filter, hints.shown), (rect.right - width(hints.pinned), hints.pinned),
    ] {
      var left = start
      for binding in bindings {
        let end = left + width([binding])
        if (left..<end).contains(x) { return binding.actions.first }
        left = end
      }
    }
    return nil
  }

  private static func hints(_ state: State, width whole: Int) -> (
    shown: [Binding], pinned: [Binding]
  ) {
    // While keys make letters, what is always there is not.
    let always = state.isTyping ? [] : state.keymap.applied(to: Bindings.always)
    let hasRoom = whole >= 40
    let pinned = always.filter { $0.hint != nil && (hasRoom || !$0.actions.contains(.openFinder)) }
    var room = whole - width(pinned) - FilterText.spans(state).reduce(0) { $0 + $1.width }
    var shown: [Binding] = []
    for binding in state.bindings where binding.hint != nil {
      guard !always.contains(where: { $0.help == binding.help }) else { break }
      let width = width([binding])
      guard width < room else { break }
      room -= width
      shown.append(binding)
    }
    return (shown, pinned)
  }

  private static func width(_ bindings: [Binding]) -> Int {
    bindings.flatMap(spans).reduce(0) { $0 + $1.width }
  }

  private static func spans(_ binding: Binding) -> [TextLine.Span] {
    [TextLine.Span(" \(binding.label)", .barKey), TextLine.Span(" \(binding.hint ?? "") ", .bar)]
  }
}

/// What narrows the open list down, in the line of keys: `/pool 3 of 12`.
private enum FilterText {
  /// The text, and how many rows fit; nothing where the whole list is seen.
  static func spans(_ state: State) -> [TextLine.Span] {
    guard let mark = state.overlay?.mark, mark.isFiltering || !mark.filter.isEmpty,
      let list = state.listRows
    else { return [] }
    let cursor: [TextLine.Span] = mark.isFiltering ? [.init(" ", .badge(Palette.cursor))] : []
    return [.init(" /", .barKey), .init(mark.filter, Style(Palette.text, on: Palette.bar))]
      + cursor + [.init(" \(list.rows.count) of \(list.count) ", .bar)]
  }
}
