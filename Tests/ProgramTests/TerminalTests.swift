import Foundation
import Testing

/// The program in a real terminal.
@Suite(.serialized, .enabled(if: Tmux.executable != nil, "needs tmux"))
struct TerminalTests {
  /// Starts the program, lets `body` use it, and checks that it left the terminal as it found it.
  private func session(
    _ arguments: String = "", term: String = "tmux-256color", locale: String = "C.UTF-8",
    ready: String = "? help", _ body: (Tmux) throws -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      try Tmux.with(term: term, locale: locale) { tmux in
        try tmux.wait { $0.contains("ready>") }
        let (before, after) = (folder.path("before"), folder.path("after"))
        try tmux.type(
          "stty -a > \(before); \(Program.url.path()) \(arguments); echo status=$?; stty -a > \(after); echo over"
        )
        let first = try tmux.wait { $0.contains(ready) }
        #expect(first.contains(ready), "\(first)")
        try body(tmux)
        let last = try tmux.wait { $0.contains("\nover") }
        #expect(last.contains("\nover"), "\(last)")
        if term.hasPrefix("tmux") {
          // The alternate screen is gone: the command that started the program is back.
          #expect(last.contains("stty -a"), "\(last)")
        }
        let settings = try [before, after].map { path in
          try String(contentsOfFile: path, encoding: .utf8)
            .replacing(/rows \d+; columns \d+/, with: "")
        }
        #expect(settings[0] == settings[1])
      }
    }
  }

  @Test func aSession() throws {
    try session { tmux in
      let start = try tmux.screen()
      #expect(start.contains("seven ▸ digits ▸ relu1 [8,26,26]"), "\(start)")
      #expect(start.contains("element"))
      #expect(start.contains(".50  keep .50"))
      try tmux.press("+")
      let raised = try tmux.wait { $0.contains(".55  keep .45") }
      #expect(raised.contains(".55  keep .45"), "\(raised)")
      try tmux.press("s")
      let spatial = try tmux.wait { $0.contains("spatial  p") }
      #expect(spatial.contains("spatial  p"), "\(spatial)")
      try tmux.press("r")
      let resampled = try tmux.wait { $0.contains("seed 8") }
      #expect(resampled.contains("seed 8"), "\(resampled)")
      try tmux.press("?")
      let help = try tmux.wait { $0.contains("rate up and down by .05") }
      #expect(help.contains("rate up and down by .05"), "\(help)")
      try tmux.press("q")
      let end = try tmux.wait { $0.contains("status=0") }
      #expect(end.contains("status=0"), "\(end)")
    }
  }

  @Test func escapeClosesAndControlCQuits() throws {
    try session { tmux in
      try tmux.press("?")
      try tmux.wait { $0.contains("this help") }
      try tmux.press("Escape")
      let closed = try tmux.wait { !$0.contains("this help") }
      #expect(!closed.contains("this help"), "\(closed)")
      try tmux.press("C-c")
      let end = try tmux.wait { $0.contains("status=0") }
      #expect(end.contains("status=0"), "\(end)")
    }
  }

  @Test func theCopiedCommandGivesTheSameNumbers() throws {
    try session("--model edges") { tmux in
      try tmux.run("set-option", "-s", "set-clipboard", "on")
      try tmux.press("+", "m", "m", "r", "n")
      try tmux.type(":block-rule timm")
      let shown = try tmux.wait { $0.contains("5×5 timm") && $0.contains("seed 8") }
      try tmux.press("y")
      try tmux.wait { $0.contains("dropscope seven --model edges") }
      let copied = try tmux.run("show-buffer")
      #expect(copied.contains("--block-rule timm"), "\(copied)")
      let words = copied.split(whereSeparator: \.isWhitespace).dropFirst().map(String.init)
      let frame = try Program.run(words)
      #expect(frame.status == 0, "\(frame.err)")
      let counted = try #require(shown.firstMatch(of: /dropped +(\d+\/1352 = \.\d+)/))
      #expect(frame.out.contains(counted.1), "\(frame.out)")
      try tmux.press("q")
    }
  }

  @Test func spaceKeepsResampling() throws {
    try session { tmux in
      try tmux.press("Space")
      let moved = try tmux.wait { $0.contains("seed 10") }
      #expect(moved.contains("▶ train"), "\(moved)")
      try tmux.press("Space")
      let stopped = try tmux.wait { !$0.contains("▶") }
      #expect(!stopped.contains("▶"), "\(stopped)")
      try tmux.press("q")
    }
  }

  @Test func aResizeKeepsTheCellUnderTheCursor() throws {
    try session("--model edges") { tmux in
      let cell = try tmux.screen().split(separator: "\n").first { $0.contains("cell (") }
      let name = try #require(cell?.prefix(14))
      try tmux.resize(width: 120, height: 40)
      let wide = try tmux.wait { $0.contains("input 0") && $0.contains(name) }
      #expect(wide.contains(name), "\(wide)")
      try tmux.resize(width: 10, height: 3)
      let small = try tmux.wait { $0.contains("needs") }
      #expect(small.contains("needs"), "\(small)")
      try tmux.press("q")
      // Wide again, for the shell's words to be read.
      try tmux.resize(width: 80, height: 24)
    }
  }

  @Test(arguments: ["xterm", "vt100", "linux", "screen"])
  func terminalsWithFewColours(term: String) throws {
    try session(term: term, locale: term == "vt100" ? "C" : "C.UTF-8", ready: "help") { tmux in
      try tmux.press("+")
      let raised = try tmux.wait { $0.contains(".55") }
      #expect(raised.contains(".55"), "\(raised)")
      try tmux.press("q")
    }
  }

  @Test(arguments: ["dumb", "no-such-terminal"])
  func terminalsThatCannotShowAScreen(term: String) throws {
    try session(term: term, ready: "status=0") { _ in }
  }
}
