import Scope
import TerminalUI
import Testing

/// Every panel of its own key, at the sizes people have.
@Suite struct PanelSnapshotTests {
  private static let screens: [(String, [Action])] = [
    ("compare", [.setRate(hundredths: 30), .toggleComparison, .changeRate(hundredths: 5)]),
    ("grid", [.toggleSpatial, .toggleGrid]),
    ("enlarged", [.changeFocus(by: 1), .toggleEnlarged]),
    ("meters", [.changeFocus(by: -1), .toggleEnlarged]),
    ("palette", [.togglePalette]),
  ]

  @Test(arguments: screens, [(80, 24), (120, 40), (40, 12), (24, 8)])
  func panels(screen: (name: String, actions: [Action]), size: (Int, Int)) throws {
    for (prefix, theme) in [("", Theme()), ("ascii-", Theme(glyphs: .ascii, hasColor: false))] {
      var state = try Fixture.state(width: size.0, height: size.1, theme: theme)
      for action in screen.actions { _ = state.perform([action]) }
      if state.focus == .meters || screen.name != "meters" {
        expectSnapshot(state.frame().text, "\(screen.name)-\(prefix)\(size.0)x\(size.1)")
      }
    }
  }

  @Test func theRampGoesRoundAndIsNamed() throws {
    var state = try Fixture.state()
    for ramp in [Ramp.magma, .grey, .sheet, .viridis] {
      _ = state.perform([try #require(state.action(for: "P"))])
      #expect(state.theme.ramp == ramp)
      #expect(state.frame().row(23).contains("ramp \(ramp.rawValue)"))
    }
    _ = state.perform([try #require(state.action(for: "p")), .nextRamp])
    #expect(state.frame().text.contains("magma"))
    #expect(state.frame().text.contains("24-bit colour"))
    _ = state.perform([try #require(state.action(for: "p"))])
    #expect(state.overlay == nil)
  }
}
