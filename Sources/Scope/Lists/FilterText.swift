import TerminalUI

/// What narrows the open list down, in the line of keys: `/pool 3 of 12`.
enum FilterText {
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
