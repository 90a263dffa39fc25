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
    TextLine([.init("a page of its own, at \(state.layer.name)", .text)])
      .draw(in: rect.splitTop(2).rest.splitTop(1).top, of: &buffer, glyphs: state.theme.glyphs)
  }
}

extension PageName {
  fileprivate static let heading = PageName("layer-name")
}

extension Scope.Page {
  fileprivate static let heading: Scope.Page = Scope.Page(
    name: .heading, title: "Name", summary: "which layer is shown", letter: "z",
    bindings: {
      [Binding("z", "close", hint: "close", [("z", .togglePage(.heading))])]
    }, panel: { _ in NamePanel() })
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
