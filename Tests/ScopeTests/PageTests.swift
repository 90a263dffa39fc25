import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import TestNetworks
import Testing

@testable import Scope

/// Pages, tabs and the palette: everything is reached with the mouse alone, and with keys that the screen
/// shows.
@Suite struct PageTests {
  private static func press(_ event: InputEvent, on state: inout State) throws {
    _ = state.perform([try #require(state.action(for: event), "\(event)")])
  }

  private static func type(_ text: String, on state: inout State) throws {
    for scalar in text.unicodeScalars { try press(.character(scalar), on: &state) }
  }

  /// Where a text stands in a row of the screen.
  private static func column(of text: String, row: Int, _ state: State) throws -> Int {
    let line = state.frame().row(row)
    let range = try #require(line.firstRange(of: text), "\(text) in \(line)")
    return line.unicodeScalars.distance(from: line.startIndex, to: range.lowerBound)
  }

  @Test(arguments: Page.all) func isReachedInEveryWay(_ page: Page) throws {
    let fresh = try PlacingTests.state()
    #expect(fresh.page == nil)
    // By its tab.
    var state = fresh
    let word = TabsPanel.word(of: page, width: state.size.width)
    let x = try Self.column(of: word, row: 0, state)
    try Self.press(.mouse(.press, x: x, y: 0), on: &state)
    #expect(state.page == page)
    #expect(
      state.frame().row(2).hasPrefix("  \(page.title) ")
        || state.frame().row(2).hasPrefix(" \(page.title) "))
    try Self.press(.mouse(.press, x: 1, y: 0), on: &state)
    #expect(state.page == nil)
    // By its letter, and back.
    try Self.press(.character(page.letter), on: &state)
    #expect(state.page == page)
    try Self.press(.key(.escape), on: &state)
    #expect(state.page == nil && state.overlay == nil)
    // By the palette.
    try Self.press(.control("p"), on: &state)
    try Self.type(page.title.lowercased() + ":", on: &state)
    try Self.press(.key(.enter), on: &state)
    #expect(state.page == page)
    // By name in scripts, new and old.
    for name in [page.name.text, page.formerName] {
      var state = fresh
      _ = state.perform([try Action(scriptText: name)])
      #expect(state.page == page)
      _ = state.perform([try Action(scriptText: "page maps")])
      #expect(state.page == nil)
      _ = state.perform([try Action(scriptText: "page \(name)")])
      #expect(state.page == page)
    }
  }

  @Test func tabsGoRound() throws {
    var state = try PlacingTests.state()
    var seen: [Page?] = []
    for _ in 0...Page.all.count {
      seen.append(state.page)
      try Self.press(.key(.nextTab), on: &state)
    }
    #expect(seen == [nil] + Page.all)
    #expect(state.page == nil)
    try Self.press(.key(.previousTab), on: &state)
    #expect(state.page == Page.all.last)
  }

  @Test func escapeGoesBackWhereOneCameFrom() throws {
    var state = try PlacingTests.state()
    for event in ["W", "o", "?"] as [InputEvent] { try Self.press(event, on: &state) }
    #expect(state.frame().text.contains("keys: Pooling"))
    // The page is beneath, and no map.
    #expect(!state.frame().text.contains("after dropout"))
    try Self.press(.key(.escape), on: &state)
    #expect(state.page == .pooling)
    try Self.press(.key(.escape), on: &state)
    #expect(state.page == .placement)
    try Self.press(.key(.escape), on: &state)
    #expect(state.page == nil)
  }

  @Test func thePaletteFindsByWordsInAnyOrder() throws {
    var state = try Fixture.state()
    try Self.press(.control("p"), on: &state)
    try Self.type("dropout spatial", on: &state)
    #expect(state.frame().text.contains("Kind: spatial dropout"))
    try Self.press(.key(.enter), on: &state)
    #expect(state.setting.kind == "spatial" && state.overlay == nil)
    try Self.press(.control("p"), on: &state)
    try Self.type("no such thing", on: &state)
    #expect(state.frame().text.contains("nothing is called so"))
    try Self.press(.key(.enter), on: &state)
    for _ in 0..<13 { try Self.press(.key(.backspace), on: &state) }
    #expect(state.frame().text.contains("Maps: clean"))
    try Self.press(.key(.escape), on: &state)
    #expect(state.overlay == nil)
    // Every key of the maps is there under its help.
    let titles = Finder().items(state).map(\.title)
    let pages = Set(Page.all.map { Action.togglePage($0.name) })
    for binding in Bindings.maps where !binding.actions.contains(where: pages.contains) {
      #expect(titles.contains(binding.help))
    }
  }

  @Test func aPressDoesWhatTheScreenSays() throws {
    var state = try PlacingTests.state()
    let last = state.size.height - 1
    // A key of the last line.
    let seed = state.setting.seed
    try Self.press(
      .mouse(.press, x: try Self.column(of: "resample", row: last, state), y: last), on: &state)
    #expect(state.setting.seed == seed + 1)
    // The slider.
    let row = last - 3
    let from = try Self.column(of: "├", row: row, state)
    let to = try Self.column(of: "┤", row: row, state)
    try Self.press(.mouse(.press, x: to - 1, y: row), on: &state)
    #expect(state.setting.rate.p == 1)
    try Self.press(.mouse(.drag, x: from + 1, y: row), on: &state)
    #expect(state.setting.rate.p == 0)
    // A row of the network: marked, then shown.
    try Self.press("w", on: &state)
    let target = state.experiment.nodes[1]
    let line = try #require((4..<last).first { state.frame().row($0).contains(target.name + " ") })
    for _ in 0..<2 { try Self.press(.mouse(.press, x: 6, y: line), on: &state) }
    #expect(state.overlay == nil && state.setting.layer == target.value)
    // A thumbnail.
    let layout = try #require(ScreenLayout(state))
    if let strip = layout.channels, state.channels > 1 {
      let x = try Self.column(of: "1", row: strip.y, state)
      try Self.press(.mouse(.press, x: x, y: strip.y + 1), on: &state)
      #expect(state.channel == 1)
    }
  }

  @Test func theModelsOwnDropoutsAreSwitchedByKeyAndPress() throws {
    let graph = try SmallNetwork.trainable()
    let input = SmallNetwork.numbers([1, 1, 8, 8], seed: 3)
    let experiment = try Experiment(
      Subject(network: Network(graph), input: input, inputName: "x.npy", modelName: "small"))
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 100, height: 24))
    #expect(!state.setting.isModelDropoutActive)
    #expect(state.frame().row(1).contains("model's 2 off"))
    let x = try Self.column(of: "model's", row: 1, state)
    try Self.press(.mouse(.press, x: x, y: 1), on: &state)
    #expect(state.setting.isModelDropoutActive)
    #expect(state.frame().row(1).contains("model's 2 on"))
    try Self.press("D", on: &state)
    #expect(!state.setting.isModelDropoutActive)
  }
}
