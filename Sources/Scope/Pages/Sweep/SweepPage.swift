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
    letter: "S", bindings: { Bindings.sweep },
    actions: [.sweepAxis, .sweepScore, .sweepGap, .sweepHeatMap, .sweepRead],
    panel: { SweepPanel($0) },
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
    Binding("x", "another parameter along the axis", hint: "axis", [("x", .ofPage(.sweepAxis))]),
    Binding("y", "another score", hint: "score", [("y", .ofPage(.sweepScore))]),
    Binding("g", "the gap: clean less held out", hint: "gap", [("g", .ofPage(.sweepGap))]),
    Binding(
      "h", "heat map of two parameters", hint: "heat map", [("h", .ofPage(.sweepHeatMap))]),
    Binding("e", "export: a file of it", hint: "export", [("e", .openPrompt("export "))]),
    filter,
    Binding("r", "read the results anew", hint: "read", [("r", .ofPage(.sweepRead))]),
    Binding("S", "close", hint: "close", [("S", .togglePage(.sweep))]),
  ]

  /// Those of a list, but for the ends, of which one has the letter of the gap.
  private static var movingKeys: [(InputEvent, Action)] {
    zip(moving.keys, moving.actions).filter { abs($0.1.rows) <= 10 }
  }
}

extension PageAction {
  /// Another parameter along the axis.
  public static let sweepAxis = onSweep("sweep-axis") { _, sweep in
    guard sweep.report.axes.count > 1 else { return "settings differ in one parameter alone" }
    sweep.axis = (sweep.axis + 1) % sweep.report.axes.count
    return nil
  }
  /// Another number up the axis.
  public static let sweepScore = onSweep("sweep-score") { _, sweep in
    let scores = sweep.report.scores
    guard let place = scores.firstIndex(of: sweep.score) else { return nil }
    sweep.score = scores[(place + 1) % scores.count]
    return nil
  }
  /// The gap between images trained on and held out, or back to the latter.
  public static let sweepGap = onSweep("sweep-gap") { _, sweep in
    sweep.score = sweep.score == .gap ? .heldOut : .gap
    return nil
  }
  /// A heat map over two parameters, or curves.
  public static let sweepHeatMap = onSweep("sweep-heat-map") { _, sweep in
    guard sweep.otherParameter != nil else { return "a heat map takes two parameters" }
    sweep.isHeatMap.toggle()
    return nil
  }
  /// Reads the results anew.
  public static let sweepRead = onSweep("sweep-read") { state, sweep in
    sweep.reading = SweepReading(id: state.nextWorkID(), .report, from: sweep.source)
    return nil
  }

  /// What changes the sweep that is looked at, and may say something of it.
  private static func onSweep(
    _ name: String, _ change: @escaping @Sendable (inout State, inout SweepView) -> String?
  ) -> PageAction {
    PageAction(name) { state in
      guard var sweep = state.sweep else {
        state.message = "no sweep is open: dropscope sweep show DIR"
        return
      }
      state.message = change(&state, &sweep) ?? state.message
      state.sweep = sweep
    }
  }
}

/// What the page keeps.
private struct SweepState: PageState {
  var view: SweepView?
}

extension State {
  /// The sweep that is looked at; nil for none.
  public var sweep: SweepView? {
    get { self[SweepState.self].view }
    _modify { yield &self[SweepState.self].view }
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
