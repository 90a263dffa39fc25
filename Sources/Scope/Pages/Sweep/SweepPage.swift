import NeuralNet
import Studies
import TerminalUI

extension PageName {
  /// See `Page.sweep`.
  public static let sweep = PageName("sweep")
}

extension Page {
  /// What many trainings came to.
  public static let sweep = Page(
    name: .sweep, title: "Sweep", summary: "many trainings: a score by rate, kind, place",
    letter: "S", bindings: { Bindings.sweep }, panel: { SweepPanel($0) },
    rows: Rows(
      count: { $0.sweep?.report.summary.settings.count ?? 0 },
      text: { state, row in state.sweep?.report.name(of: row) ?? "" },
      area: { SweepPanel.parts(of: $0).list },
      act: { state, row in
        state.openRun(ofSetting: row)
        return []
      }),
    open: { $0.sweep?.report.summary.best ?? 0 })
}

extension Bindings {
  /// What works on a sweep.
  public static let sweep: [Binding] = [
    Binding(moving.label, moving.help, hint: moving.hint, movingKeys),
    Binding(
      "Enter", "open a run's network in the maps", hint: "open", [(.key(.enter), .showSelection)]),
    Binding("x", "another parameter along the axis", hint: "axis", [("x", .sweep(.nextAxis))]),
    Binding("y", "another score", hint: "score", [("y", .sweep(.nextScore))]),
    Binding("g", "the gap: clean less held out", hint: "gap", [("g", .sweep(.toggleGap))]),
    Binding(
      "h", "heat map of two parameters", hint: "heat map", [("h", .sweep(.toggleHeatMap))]),
    Binding("e", "export: a file of it", hint: "export", [("e", .openPrompt("export "))]),
    filter,
    Binding("r", "read the results anew", hint: "read", [("r", .sweep(.read))]),
    Binding("S", "close", hint: "close", [("S", .togglePage(.sweep))]),
  ]

  /// Those of a list, but for the ends, of which one has the letter of the gap.
  private static var movingKeys: [(InputEvent, Action)] {
    zip(moving.keys, moving.actions).filter { abs($0.1.rows) <= 10 }
  }
}

extension State {
  mutating func update(_ action: SweepAction) {
    guard var sweep else {
      message = "no sweep is open: dropscope sweep show DIR"
      return
    }
    message = change(&sweep, action) ?? message
    self.sweep = sweep
  }

  /// - Returns: what is said of it, where something is.
  private mutating func change(_ sweep: inout SweepView, _ action: SweepAction) -> String? {
    switch action {
    case .nextAxis:
      guard sweep.report.shown.count > 1 else {
        return "settings differ in one parameter alone"
      }
      sweep.axis = (sweep.axis + 1) % sweep.report.shown.count
    case .nextScore:
      let scores = sweep.report.scores
      guard let place = scores.firstIndex(of: sweep.score) else { return nil }
      sweep.score = scores[(place + 1) % scores.count]
    case .toggleGap: sweep.score = sweep.score == .gap ? .heldOut : .gap
    case .toggleHeatMap:
      guard sweep.otherParameter != nil else {
        return "a heat map takes two parameters"
      }
      sweep.isHeatMap.toggle()
    case .read: sweep.reading = SweepReading(id: nextWorkID(), .report, from: sweep.source)
    }
    return nil
  }

  /// Reads the network that a run of a setting kept.
  mutating func openRun(ofSetting setting: Int) {
    guard let sweep, let row = sweep.report.rows(of: setting).first else { return }
    let id = nextWorkID()
    self.sweep?.reading = SweepReading(id: id, .network(line: row.line), from: sweep.source)
  }

  /// Takes over what was read.
  mutating func takeSweep() {
    guard let reading = sweep?.reading, reading.isOver else { return }
    sweep?.reading = nil
    if let problem = reading.problem { message = problem }
    switch (reading.wanted, reading.found) {
    case (_, .report(let report)?):
      sweep?.report = report
      message = "read anew: \(report.table.rows.count) of \(report.lines) runs"
    case (.network(let line), .network(let graph)?):
      guard let graph else {
        message = "run \(line) kept no network: sweep run --keep keeps them"
        return
      }
      openInMaps(
        graph, "\(sweep?.source.name ?? "sweep"), run \(line)", called: "run \(line)",
        "run \(line) of the sweep; S goes back to it")
    default: break
    }
  }
}

extension Action {
  /// How far it moves the mark of a list.
  fileprivate var rows: Int {
    if case .moveSelection(let rows) = self { return rows }
    return 0
  }
}
