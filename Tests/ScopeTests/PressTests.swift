import Studies
import TerminalUI
import Testing

@testable import Scope

/// Whatever looks as if it could be pressed can be: hints, tabs, rows, chips; and what the screen shows is
/// enough to get everywhere.
@Suite struct PressTests {
  private static func column(of text: String, in line: String) -> Int? {
    line.firstRange(of: text).map {
      line.unicodeScalars.distance(from: line.startIndex, to: $0.lowerBound)
    }
  }

  private static func press(_ event: InputEvent, on state: inout State) throws {
    _ = state.perform([try #require(state.action(for: event), "\(event)")])
  }

  /// Every hint on the last line of every page and panel does what its key does.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func everyHintIsPressed(size: (width: Int, height: Int)) throws {
    var pressed = 0
    let modes: [State.Overlay?] = [nil, .finder(Finder())] + State.Overlay.modes.map { $0 }
    for mode in modes {
      var state = try PlacingTests.state(width: size.width, height: size.height)
      if case .page(let page, _) = mode { state.open(page) } else { state.overlay = mode }
      state.message = nil
      let last = size.height - 1
      let line = state.frame().row(last)
      for binding in state.bindings {
        guard let hint = binding.hint,
          let x = Self.column(of: " \(binding.label) \(hint) ", in: line)
        else { continue }
        let action = state.action(for: .mouse(.press, x: x + 1, y: last))
        #expect(action == binding.actions.first, "\(binding.label) on \(line)")
        pressed += 1
      }
      if mode == nil { #expect(pressed > 5) }
    }
    #expect(pressed > 40)
  }

  @Test func everyTabIsPressedOnEveryPage() throws {
    for from in [nil] + Page.all.map(Optional.some) {
      for to in [nil] + Page.all.map(Optional.some) {
        var state = try PlacingTests.state()
        state.open(from)
        let word = TabsPanel.word(of: to, width: 80)
        let x = try #require(Self.column(of: " \(word) ", in: state.frame().row(0)))
        try Self.press(.mouse(.press, x: x + 1, y: 0), on: &state)
        #expect(state.page == to)
      }
    }
  }

  /// Ctrl-P stands in the line of keys; what it opens lists every page, and the arrows and Enter that it
  /// names take one there.
  @Test func aStrangerReachesEveryPageByTheKeysShown() throws {
    let fresh = try PlacingTests.state()
    #expect(fresh.frame().row(23).contains("Ctrl-P all"))
    for page in Page.all {
      var state = fresh
      try Self.press(.control("p"), on: &state)
      #expect(state.frame().row(23).contains("↑ ↓ move") && state.frame().row(23).contains("Enter"))
      var steps = 0
      while steps < 30 {
        let marked = try #require(state.markedRow)
        guard case .finder(let finder)? = state.overlay else { break }
        if finder.items(state)[marked].title.hasPrefix(page.title + ":") { break }
        try Self.press(.key(.down), on: &state)
        steps += 1
      }
      #expect(state.frame().text.contains("\(page.title): "))
      try Self.press(.key(.enter), on: &state)
      #expect(state.page == page)
    }
  }

  /// The same with the mouse alone: the hint, the wheel, a row.
  @Test func aStrangerReachesEveryPageByTheMouse() throws {
    for page in Page.all {
      var state = try PlacingTests.state()
      let x = try #require(Self.column(of: "Ctrl-P all", in: state.frame().row(23)))
      try Self.press(.mouse(.press, x: x, y: 23), on: &state)
      let row = try #require(
        (0..<23).first { state.frame().row($0).contains("  \(page.title): ") }, "\(page.title)")
      let column = try #require(Self.column(of: page.title, in: state.frame().row(row)))
      try Self.press(.mouse(.press, x: column, y: row), on: &state)
      #expect(state.page == page)
    }
  }
}
