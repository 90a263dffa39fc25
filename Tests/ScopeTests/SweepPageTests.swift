import NeuralNet
import Studies
import TerminalUI
import TestNetworks
import Testing

@testable import Scope

/// What a sweep came to, on the screen.
@Suite struct SweepPageTests {
  /// Two axes, of which one pair was not run, and three seeds; the score falls along both.
  private static func report(names: Bool = false) throws -> SweepReport {
    let plan = try SweepPlan(
      base: ["recipe": .text("small")],
      grid: [
        .init(key: "rate dropout1", values: [0, 0.25, 0.5].map { .number($0) }),
        .init(key: "l2", values: [.number(0), .number(0.01)]),
      ], seeds: [1, 2, 3])
    var table = SweepTable(parameters: plan.columns)
    for line in 1...plan.count {
      let parameters = plan.parameters(ofLine: line)
      let (rate, l2) = (parameters["rate dropout1"]?.number ?? 0, parameters["l2"]?.number ?? 0)
      // Never run, and lost with one seed.
      if rate == 0.5 && l2 > 0 || line == 2 { continue }
      var result = RunResult(run: "", diverged: "", steps: 1, heldOut: 10, data: [:])
      result.diverged = nil
      let seed = Double(line % 3)
      result.heldOutAccuracy = 0.95 - 0.2 * rate - 5 * l2 + 0.01 * seed
      result.trainingAccuracy = 0.99 - 0.1 * rate
      result.heldOutLoss = 0.2 + rate
      table.add(line: line, parameters, result)
    }
    return SweepReport(table, of: plan, title: "two axes", claim: nil, problems: [])
  }

  private static func source(
    _ report: SweepReport? = nil, network: Graph? = nil
  ) -> SweepSource {
    SweepSource(name: "two") {
      guard let report else { throw GraphError("two/sweep.json: gone") }
      return report
    } network: {
      $0 == 7 ? network : nil
    }
  }

  private func state(width: Int = 80, height: Int = 24, network: Graph? = nil) throws -> State {
    var state = try Fixture.state(width: width, height: height)
    let report = try Self.report()
    state.sweep = SweepView(report, from: Self.source(report, network: network))
    return state
  }

  private func press(_ keys: [InputEvent], _ state: inout State) throws {
    for key in keys { _ = state.perform([try #require(state.action(for: key), "\(key)")]) }
  }

  /// Images with fewer epochs the more there are, and the same rate at two places: two axes, not four.
  @Test func whatChangesTogetherIsOneAxis() throws {
    let runs: [[String: RunValue]] = [(100, 8, 0.2), (100, 8, 0.5), (500, 4, 0.2), (500, 4, 0.5)]
      .map {
        [
          "images": .number($0.0), "epochs": .number($0.1), "rate dropout1": .number($0.2),
          "rate dropout2": .number($0.2),
        ]
      }
    let plan = try SweepPlan(base: ["recipe": .text("small")], runs: runs, grid: [], seeds: [1])
    var table = SweepTable(parameters: plan.columns)
    for line in 1...plan.count {
      var result = RunResult(run: "", diverged: "", steps: 1, heldOut: 10, data: [:])
      result.diverged = nil
      result.heldOutAccuracy = 0.5 + 0.1 * Double(line)
      table.add(line: line, plan.parameters(ofLine: line), result)
    }
    let report = SweepReport(table, of: plan, title: nil, claim: nil, problems: [])
    func names(_ places: [Int]) -> [String] { places.map { report.summary.parameters[$0] } }
    #expect(names(report.axes) == ["images", "rate dropout1"])
    #expect(report.shown.count == 4)
    #expect(report.name(of: 0).contains("epochs 8") && report.name(of: 0).contains("dropout2 0.2"))
  }

  @Test func beginsAtTheBestSetting() throws {
    var state = try state()
    try press(["S"], &state)
    let text = state.frame().text
    #expect(text.contains("14 of 18 runs, 4 to come"))
    #expect(text.contains("held out % by rate dropout1"))
    // Means over the seeds there are: .95 + .01 · (1 + 0)/2, and .95 + .01 of three.
    #expect(text.contains("best: rate dropout1 0, l2 0: 95.50 % held out"), "\(text)")
    #expect(state.openPage?.mark.row == 0)
    let first = state.frame()
    try press(["j"], &state)
    #expect(state.openPage?.mark.row == 1 && state.frame() != first)
  }

  @Test func keysChangeAxesScoresAndForm() throws {
    var state = try state()
    try press(["S", "x"], &state)
    #expect(state.frame().text.contains("held out % by l2"))
    try press(["y"], &state)
    #expect(state.frame().text.contains("clean % by l2"))
    try press(["g"], &state)
    #expect(state.frame().text.contains("gap, points by l2"))
    // .99 − .955
    #expect(state.frame().text.contains("+3.50"))
    try press(["g", "x", "h"], &state)
    let map = state.frame().text
    #expect(map.contains("held out %: l2 down, rate dropout1 across"))
    #expect(map.contains("95.50") && map.contains("·"), "\(map)")
    // A pair that was never run is seen as such, and no row stands for it.
    #expect(state.sweep?.report.summary.settings.count == 5)
    try press(["h", "/", "0", ".", "0", "1", .key(.enter)], &state)
    #expect(state.frame().text.contains("2 of 5"))
  }

  @Test func aRunThatKeptItsNetworkIsOpened() throws {
    var state = try state(network: try SmallNetwork.trainable())
    try press(["S", .key(.enter)], &state)
    #expect(state.dueWork is SweepReading)
    _ = state.perform([.reachWork(1)])
    #expect(state.message == "run 1 kept no network: sweep run --keep keeps them")
    #expect(state.page == .sweep)
    // Another network than the one shown, on an input that it does not take: said, not shown.
    try press(["j", "j", .key(.enter)], &state)
    _ = state.perform([.reachWork(1)])
    #expect(state.message?.hasPrefix("run 7 cannot be shown: ") == true)
    // The one shown with other weights.
    let network = state.experiment.subject.network.graph
    let report = try Self.report()
    state.sweep = SweepView(report, from: Self.source(report, network: network))
    try press([.key(.enter)], &state)
    _ = state.perform([.reachWork(1)])
    #expect(state.page == nil && state.message == "run 7 of the sweep; S goes back to it")
    #expect(state.frame().text.contains("two, run 7"))
  }

  @Test func resultsAreReadAnew() throws {
    var state = try state()
    try press(["S", "r"], &state)
    _ = state.perform([.reachWork(1)])
    #expect(state.message == "read anew: 14 of 18 runs" && state.dueWork == nil)
    state.sweep = SweepView(try Self.report(), from: Self.source())
    try press(["r"], &state)
    _ = state.perform([.reachWork(1)])
    #expect(state.message == "two/sweep.json: gone")
    #expect(state.sweep?.report.table.rows.count == 14)
  }

  @Test func itIsExported() throws {
    var state = try state()
    try press(["S", "e"], &state)
    #expect(state.frame().text.contains(":export "))
    _ = state.perform([.type("a.npy"), .submit])
    #expect(state.message?.hasPrefix("export: expected a name ending in .csv") == true)
    try press(["e"], &state)
    let effects = state.perform([.type("a.csv"), .submit])
    #expect(effects == [.save(.sweep, path: "a.csv", overwrites: false)])
    _ = state.perform([.openPage(nil), .openPrompt("export a.csv"), .submit])
    #expect(state.message == "export: expected the race or the sweep page, found another")
  }

  @Test func withoutASweepItSaysHowOneIsMade() throws {
    var state = try Fixture.state()
    try press(["S"], &state)
    #expect(state.frame().text.contains("dropscope sweep show rates"))
    try press(["h"], &state)
    #expect(state.message == "no sweep is open: dropscope sweep show DIR")
    try press([.key(.enter), "j"], &state)
    #expect(state.page == .sweep)
  }

  @Test(arguments: [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func pages(width: Int, height: Int) throws {
    var state = try state(width: width, height: height)
    state.theme = Theme(hasColor: false)
    try press(["S"], &state)
    let curves = state.frame().text
    try press(["h", "j"], &state)
    expectSnapshot("\(curves)\n\n\(state.frame().text)", "page-sweep-\(width)x\(height)")
  }
}
