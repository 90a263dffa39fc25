import ArgumentParser
import Scope
import Studies
import TerminalUI
import Testing

@testable import Program

/// Says which layer is shown: a page that only this file knows.
private struct NamePanel: Panel {
  func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    buffer.fill(rect, with: Cell(" ", .text))
    let presses = state[Presses.self].count
    TextLine([.init("a page of its own, at \(state.layer.name), \(presses) presses", .text)])
      .draw(in: rect.splitTop(2).rest.splitTop(1).top, of: &buffer, glyphs: state.theme.glyphs)
  }
}

extension PageName {
  fileprivate static let heading = PageName("layer-name")
}

/// What only this page keeps, and what only it does.
private struct Presses: PageState {
  var count = 0
}

extension PageAction {
  fileprivate static let press = PageAction("layer-name-press") { $0[Presses.self].count += 1 }
  fileprivate static let pressMore = PageAction(
    "layer-name-by", "PRESSES", words: ["layer-name-twice": 2]
  ) { $0[Presses.self].count += $1 }
}

extension Scope.Page {
  fileprivate static let heading: Scope.Page = Scope.Page(
    name: .heading, title: "Name", summary: "which layer is shown", letter: "z",
    bindings: {
      [
        Binding("Space", "press it", hint: "press", [(" ", .ofPage(.press))]),
        Binding("z", "close", hint: "close", [("z", .togglePage(.heading))]),
      ]
    }, actions: [.press, .pressMore], panel: { _ in NamePanel() })
}

/// A page is one file and one line: here both are the test's own.
@Suite struct PageFromOutsideTests {
  private func state() throws -> State {
    try ViewOptions.parse([]).open().state(size: ScreenSize(width: 120, height: 40))
  }

  private func press(_ event: InputEvent, _ state: inout State) throws {
    _ = state.perform([try #require(state.action(for: event))])
  }

  private let shown = "a page of its own, at relu1"

  @Test func tabsKeysAndThePaletteLeadThere() throws {
    try Scope.Page.$added.withValue([.heading]) {
      var state = try state()
      let tabs = state.frame().text.split(separator: "\n")[0]
      let end = try #require(tabs.firstRange(of: " Name "))
      let x = tabs.distance(from: tabs.startIndex, to: end.lowerBound) + 1
      _ = state.perform([try #require(state.action(for: .mouse(.press, x: x, y: 0)))])
      #expect(state.page == .heading && state.frame().text.contains(shown))
      // Ctrl-PgDn goes on to the maps, and back.
      try press(.key(.nextTab), &state)
      #expect(state.page == nil)
      try press(.key(.previousTab), &state)
      #expect(state.page == .heading)
      // Its key closes it and opens it.
      try press("z", &state)
      #expect(state.page == nil)
      try press("z", &state)
      #expect(state.page == .heading && state.frame().text.contains(shown))
      try press(.key(.escape), &state)
      #expect(state.page == nil)
      try press(.control("p"), &state)
      for letter in "layer is shown".unicodeScalars { try press(.character(letter), &state) }
      #expect(state.frame().text.contains("Name: which layer is shown"))
      try press(.key(.enter), &state)
      #expect(state.page == .heading)
    }
  }

  /// It keeps what is its own while others are seen, and does it by keys and by words of scripts.
  @Test func itKeepsAndDoesWhatIsItsOwn() throws {
    try Scope.Page.$added.withValue([.heading]) {
      var state = try state()
      try press("z", &state)
      #expect(state.frame().text.contains("relu1, 0 presses"))
      try press(" ", &state)
      let before = state
      for text in ["layer-name-press", "layer-name-twice", "layer-name-by 5"] {
        let action = try Action(scriptText: text)
        #expect(action.scriptText == text)
        _ = state.perform([action])
      }
      #expect(state.frame().text.contains("relu1, 9 presses"))
      // A state is a value: what was kept of it before does not change with it.
      #expect(before[Presses.self].count == 1)
      _ = state.perform([.openPage(.network), .openPage(.heading)])
      #expect(state.frame().text.contains("relu1, 9 presses"))
    }
    #expect(throws: ScriptError.self) { try Action(scriptText: "layer-name-press") }
  }

  @Test func helpScriptsAndOptionsKnowIt() throws {
    try Scope.Page.$added.withValue([.heading]) {
      #expect(Bindings.list.contains("which layer is shown"))
      #expect(Bindings.names.contains("layer-name"))
      #expect(Bindings.defaultKeys["layer-name"] == ["z"])
      for (text, action) in [
        ("page layer-name", Action.openPage(.heading)),
        ("layer-name", Action.togglePage(.heading)),
      ] {
        #expect(try Action(scriptText: text) == action)
        #expect(action.scriptText == text)
      }
      let page = try #require(try PageOption.parse(["--page", "layer-name"]).chosen)
      let frame = try ViewOptions.parse([]).open().textFrame(of: page).text
      #expect(frame.contains(shown))
      let help = View.helpMessage().split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(help.contains("learn, layer-name (default: maps)"))
    }
    #expect(throws: Failure.self) { try PageOption.parse(["--page", "layer-name"]).chosen }
    #expect(throws: ScriptError.self) { try Action(scriptText: "page layer-name") }
  }
}
