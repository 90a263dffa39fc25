import Foundation
import Testing

/// The program in a real terminal.
@Suite(.serialized, .enabled(if: Tmux.executable != nil, "needs tmux"))
struct TerminalTests {
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
      #expect(try tmux.screen().contains("copied, if tmux has set-clipboard on"))
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
}
