import TerminalUI

/// What all lists have in common: moving the mark, and narrowing them down by what is typed after `/`.
extension State {
  /// The rows of the open list; nil where what lies on top is none.
  var listRows: ListRows? {
    switch overlay {
    case .help(let mark): HelpPanel.rows(self, mark)
    case .layers(let mark): LayersPanel.rows(self, mark)
    case .page(let page, let mark): page.rows?.fitting(self, mark)
    default: nil
    }
  }

  /// Moves the mark of the open list so many of the rows that fit on; it stops at the ends.
  mutating func moveMark(by step: Int) {
    switch overlay {
    case .grid(let selected): select(selected + step)
    case .finder(let finder): change(finder) { $0.selected += step }
    case .help: scroll(by: step)
    default:
      guard let list = listRows, !list.rows.isEmpty else { return }
      overlay?.mark?.row = list.rows[min(max(0, list.position + step), list.rows.count - 1)]
    }
  }

  /// Marks a row of the open list, and takes it where it is marked already.
  mutating func selectRow(_ row: Int) -> [Effect] {
    switch overlay {
    case .finder(let finder):
      change(finder) { $0.selected = row }
      return submit()
    case .grid(row): return update(.chooseSelection)
    case .grid: select(row)
    case .layers, .page:
      guard let list = listRows else { return [] }
      if list.marked == row { return update(.chooseSelection) }
      overlay?.mark?.row = min(max(0, row), max(0, list.count - 1))
    default: break
    }
    return []
  }

  /// The row that is marked; nil where the open list marks none.
  var markedRow: Int? {
    switch overlay {
    case .grid(let selected): selected
    case .finder(let finder): finder.selected
    case .layers, .page: listRows?.marked
    default: nil
    }
  }

  /// Lets keys make letters of the open list's filter.
  mutating func openFilter() {
    guard overlay?.mark != nil else {
      message = "/ narrows lists down: layers, network, effect, placement, help"
      return
    }
    overlay?.mark?.isFiltering = true
  }

  /// Changes what narrows the open list down.
  mutating func editFilter(_ edit: (inout String) -> Void) {
    guard var mark = overlay?.mark else { return }
    edit(&mark.filter)
    if case .help = overlay { mark.row = 0 }
    overlay?.mark = mark
    // A row that is gone gives its mark to one that is there.
    if case .help = overlay { return }
    if let row = listRows?.marked { overlay?.mark?.row = row }
  }

  /// Keeps the filter as typed.
  mutating func keepFilter() { overlay?.mark?.isFiltering = false }

  /// Shows all rows again.
  mutating func clearFilter() {
    editFilter { $0 = "" }
    overlay?.mark?.isFiltering = false
  }
}

extension Bindings {
  /// What works while a list is narrowed down; all else goes into its filter.
  public static let filtering: [Binding] =
    typing(enter: "keep", enterHelp: "keep these rows", escape: "all rows", escapeHelp: "all rows")

  /// What works where text narrows a list down.
  static func typing(
    enter: String, enterHelp: String, escape: String, escapeHelp: String
  ) -> [Binding] {
    [
      Binding("Enter", enterHelp, hint: enter, [(.key(.enter), .submit)]),
      Binding(
        "↑ ↓", "move", hint: "move",
        [
          (.key(.up), .moveSelection(by: -1)), (.key(.down), .moveSelection(by: 1)),
          (.control("n"), .moveSelection(by: 1)), (.key(.pageUp), .moveSelection(by: -10)),
          (.key(.pageDown), .moveSelection(by: 10)), (.key(.home), .moveSelection(by: -1_000_000)),
          (.key(.end), .moveSelection(by: 1_000_000)),
        ]),
      Binding("Backspace", "take back", [(.key(.backspace), .erase), (.control("h"), .erase)]),
      Binding("Ctrl-U", "begin anew", [(.control("u"), .edit(.deleteToStart))]),
      Binding("Esc", escapeHelp, hint: escape, [(.key(.escape), .closeTop)]),
      Binding("Ctrl-C", "quit", [(.control("c"), .quit)]),
    ]
  }
}
