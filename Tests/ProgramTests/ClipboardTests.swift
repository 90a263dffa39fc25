import Testing

@testable import Program

/// Whether a command was copied is said, as far as it can be known.
@Suite struct ClipboardTests {
  @Test(arguments: ["linux", "vt100", "vt102", "vt220", "dumb"])
  func aTerminalWithoutAClipboardIsNamed(_ name: String) {
    #expect(Terminal.missingClipboard(["TERM": name]) == "terminal \(name) has no clipboard")
  }

  @Test func aTerminalWithoutANameHasNone() {
    #expect(Terminal.missingClipboard([:]) == "TERM is not set")
    #expect(Terminal.missingClipboard(["TERM": ""]) == "TERM is not set")
  }

  @Test(arguments: ["xterm-256color", "tmux-256color", "xterm-kitty", "alacritty"])
  func othersMayHaveOne(_ name: String) {
    #expect(Terminal.missingClipboard(["TERM": name]) == nil)
  }
}
