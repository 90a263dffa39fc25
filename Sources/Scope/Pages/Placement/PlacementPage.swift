import NeuralNet
import Studies
import TerminalUI

extension PageName {
  /// See `Page.placement`.
  public static let placement = PageName("placement")
}

extension Page {
  /// The sites that were visited, with what was measured there.
  public static let placement = Page(
    name: .placement, formerName: "ladder", title: "Placement", shortTitle: "Place",
    summary: "placement table: sites measured", letter: "W",
    bindings: { Bindings.placement }, actions: [.sortTable, .reverseTable, .visitAll],
    panel: { PlacementPanel($0) },
    rows: Rows(
      count: { $0.placementTable.entries.count },
      value: { state, row in
        let entries = state.placementTable.sorted
        return entries.indices.contains(row) ? entries[row].placed.site : nil
      },
      text: { state, row in
        let placed = state.placementTable.sorted[row].placed
        return "\(state.experiment.name(of: placed.site)) \(placed.kind)"
      },
      area: { PlacementPanel.parts(of: $0).list },
      choose: { state, row, value in
        // The row's dropout goes where it was measured.
        let placed = state.placementTable.sorted[row].placed
        state.setting.others.removeAll { $0.site == value }
        state.setting.takeInHand(placed)
        state.isStale = true
      }),
    open: { state in
      state.visit()
      return state.visitedRow
    }, beginWork: { $0.visitAll() })
}

extension Bindings {
  /// What works on the placement table.
  public static let placement: [Binding] =
    [
      moving, walking, filter,
      Binding("a", "measure all candidate sites", hint: "all", [("a", .ofPage(.visitAll))]),
      Binding(
        "← →", "sort by another column", hint: "sort",
        [(.key(.left), .ofPage(.sortTable, by: -1)), (.key(.right), .ofPage(.sortTable, by: 1))]),
      Binding("R", "sort the other way round", hint: "reverse", [("R", .ofPage(.reverseTable))]),
      Binding(
        "Enter", "move dropout there", hint: "move there", [(.key(.enter), .chooseSelection)]),
      Binding("o", "before or after the pool", [("o", .togglePage(.pooling))]),
      Binding("S", "save as CSV", hint: "save", [("S", .openPrompt("table "))]),
      Binding("W", "close", hint: "close", [("W", .togglePage(.placement))]),
    ] + of(["+ -", "> <", "0 … 9", "s", "m", "r", "i", "b B", "u Ctrl-R", "y Y", ":"])
}

extension PageAction {
  /// Sorts the table by so many columns on.
  public static let sortTable = PageAction(
    "table-sort-by", "COLUMNS", words: ["table-sort-next": 1, "table-sort-previous": -1]
  ) { $0.placementTable.sort(by: $1) }
  /// Sorts it the other way round.
  public static let reverseTable = PageAction("table-reverse") {
    $0.placementTable.isReversed.toggle()
  }
  /// Measures every sensible site.
  public static let visitAll = PageAction("table-all") { $0.visitAll() }
}

/// What the page keeps.
private struct PlacementState: PageState {
  var table = PlacementTable()
}

extension State {
  /// What was measured where dropout was walked to.
  public internal(set) var placementTable: PlacementTable {
    get { self[PlacementState.self].table }
    _modify { yield &self[PlacementState.self].table }
  }

  /// The row of the selected dropout.
  var visitedRow: Int {
    let placed = setting.dropout(at: experiment.site(of: setting))
    return placementTable.sorted.firstIndex { $0.placed == placed } ?? 0
  }

  /// Marks the row of the selected dropout, where the table is seen.
  mutating func markVisited() {
    if case .page(.placement, _) = overlay {
      let row = visitedRow
      overlay?.mark?.row = row
    }
  }

  /// Puts every candidate site where the selected dropout can act into the table.
  mutating func visitAll() {
    let before = setting
    for site in experiment.sites {
      let next = before.dropout(at: site.value)
      guard experiment.canAct(next, seed: before.seed) else { continue }
      setting.takeInHand(next)
      visit()
    }
    setting = before
  }
}
