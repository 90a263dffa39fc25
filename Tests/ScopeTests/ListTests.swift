import NeuralNet
import Studies
import TerminalUI
import Testing

@testable import Scope

/// Lists: one way to move in them, and one way to narrow them down.
@Suite struct ListTests {
  private static func press(_ events: [InputEvent], on state: inout State) throws {
    for event in events { _ = state.perform([try #require(state.action(for: event), "\(event)")]) }
  }

  private static func keys(_ text: String) -> [InputEvent] {
    text.unicodeScalars.map { .character($0) }
  }

  /// A list, what opens it, and a word that some of its rows have and others have not.
  private static let lists: [(name: String, actions: [Action], word: String)] = [
    ("layers", [.openLayers], "relu"), ("network", [.togglePage(.network)], "relu"),
    ("effect", [.togglePage(.effect)], "pool"),
    ("placement", [.togglePage(.placement), .ofPage(.visitAll)], "relu"),
    ("help", [.toggleHelp], "rate"),
  ]

  @Test(arguments: ListTests.lists)
  func typingNarrowsDown(list: (name: String, actions: [Action], word: String)) throws {
    var state = try PlacingTests.state(width: 100, height: 24)
    _ = state.perform(list.actions)
    let all = try #require(state.listRows)
    #expect(all.rows.count == all.count && all.count > 2)
    try Self.press(["/"] + Self.keys(list.word), on: &state)
    let some = try #require(state.listRows)
    #expect(some.count == all.count && some.rows.count < all.count && !some.rows.isEmpty)
    let last = state.frame().row(23)
    #expect(last.contains("/\(list.word)") && last.contains("\(some.rows.count) of \(all.count)"))
    // Each letter narrows down at once; Backspace takes one back.
    try Self.press(Self.keys("zzz"), on: &state)
    #expect(state.listRows?.rows.isEmpty == true)
    _ = state.frame()
    try Self.press(Array(repeating: .key(.backspace), count: 3), on: &state)
    #expect(state.listRows?.rows == some.rows)
    // Enter keeps it and gives the keys back; the mark stays among the rows that fit.
    try Self.press([.key(.enter)], on: &state)
    #expect(!state.isTyping && state.listRows?.rows == some.rows)
    if list.name != "help" {
      try Self.press(["G"], on: &state)
      #expect(state.markedRow == some.rows.last)
      try Self.press(["g"], on: &state)
      #expect(state.markedRow == some.rows.first)
      try Self.press([.key(.pageDown)], on: &state)
      #expect(some.rows.contains(try #require(state.markedRow)))
    }
    // Esc shows all rows again and leaves the list open; once more closes it.
    let top = state.overlay
    try Self.press([.key(.escape)], on: &state)
    #expect(state.listRows?.rows.count == all.count && state.overlay != nil && top != nil)
    try Self.press([.key(.escape)], on: &state)
    #expect(state.overlay == nil)
  }

  @Test(arguments: ListTests.lists)
  func escapeWhileTypingShowsAll(list: (name: String, actions: [Action], word: String)) throws {
    var state = try PlacingTests.state()
    _ = state.perform(list.actions)
    let before = state.overlay
    try Self.press(["/", "q", .key(.escape)], on: &state)
    #expect(!state.isTyping)
    #expect(state.listRows?.rows.count == state.listRows?.count)
    #expect(list.name == "placement" || state.overlay == before)
  }

  @Test func theWheelAndKeysScrollEveryList() throws {
    for list in Self.lists where list.name != "help" {
      var state = try PlacingTests.state()
      _ = state.perform(list.actions)
      try Self.press([.key(.home)], on: &state)
      let first = state.markedRow
      try Self.press([.mouse(.wheelDown, x: 5, y: 8)], on: &state)
      #expect(state.markedRow == first.map { $0 + 1 }, "\(list.name)")
      try Self.press([.mouse(.wheelUp, x: 5, y: 8)], on: &state)
      #expect(state.markedRow == first, "\(list.name)")
      try Self.press([.key(.end)], on: &state)
      #expect(state.markedRow == state.listRows?.rows.last, "\(list.name)")
    }
    var state = try PlacingTests.state(width: 80, height: 14)
    try Self.press(["?", .mouse(.wheelDown, x: 5, y: 8)], on: &state)
    #expect(state.overlay?.mark?.row == 1)
    try Self.press([.key(.end)], on: &state)
    #expect(state.overlay?.mark?.row == HelpPanel.lastScroll(state))
    try Self.press(["g"], on: &state)
    #expect(state.overlay?.mark?.row == 0)
  }

  @Test func pressesFindTheRowsThatFit() throws {
    var state = try PlacingTests.state(width: 100, height: 24)
    _ = state.perform([.togglePage(.network)])
    try Self.press(["/"] + Self.keys("relu") + [.key(.enter)], on: &state)
    let rows = try #require(state.listRows?.rows)
    let line = try #require((4..<23).first { state.frame().row($0).contains("relu2") })
    try Self.press([.mouse(.press, x: 5, y: line)], on: &state)
    #expect(state.markedRow == rows[1])
    let value = state.experiment.nodes[rows[1]].value
    let site = state.experiment.site(of: state.setting)
    try Self.press([.mouse(.press, x: 5, y: line)], on: &state)
    #expect(state.overlay == nil && state.setting.layer == value)
    #expect(state.experiment.site(of: state.setting) == site)
  }

  @Test func enterShowsALayerAndLeavesDropoutWhereItIs() throws {
    for list in Self.lists where !["help", "placement"].contains(list.name) {
      var state = try PlacingTests.state()
      let site = state.experiment.site(of: state.setting)
      #expect(state.setting.pinnedSite == nil)
      _ = state.perform(list.actions)
      try Self.press([.key(.end), .key(.enter)], on: &state)
      #expect(state.overlay == nil && state.setting.layer != site, "\(list.name)")
      #expect(state.experiment.site(of: state.setting) == site, "\(list.name)")
      #expect(state.commandLine.contains("--at \(state.experiment.name(of: site))"))
    }
  }

  @Test func theFirstRowSeenShowsTheMarkedOne() {
    for count in 0...12 {
      for lines in 0...6 {
        for position in 0..<max(1, count) {
          let first = ListRows.first(showing: position, of: count, in: lines)
          #expect(first >= 0 && first <= max(0, count - lines))
          if lines > 0, count > 0 { #expect((first..<first + lines).contains(position)) }
        }
      }
    }
  }

  @Test func pathsOfTheHeaderAndChipAreOnePlace() throws {
    // The chip is pressed where it is written, wherever room puts it.
    for width in [80, 100, 120, 200] {
      let graph = try PlacingTests.state(width: width, height: 24)
      let line = graph.frame().row(1)
      let chips = ActiveDropouts(graph, in: Rect(x: 0, y: 1, width: width, height: 1))
      let own = line.firstRange(of: "model's")
      for x in 0..<width {
        let isThere =
          own.map { range in
            let start = line.unicodeScalars.distance(
              from: line.startIndex, to: range.lowerBound)
            return (start - 2..<line.unicodeScalars.count).contains(x)
          } ?? false
        if chips.isModels(x) { #expect(isThere, "\(width) \(x)") }
      }
    }
  }
}
