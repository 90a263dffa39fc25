import Foundation
import Testing
import TestSupport

/// Recording and playing in a real terminal.
@Suite(.serialized, .enabled(if: Tmux.executable != nil, "needs tmux"))
struct RecordingTests {
  /// Runs a command in a terminal and waits for its first frame.
  private func session(
    _ arguments: String, ready: String = "help", _ body: (Tmux) throws -> Void
  ) throws {
    try Tmux.with { tmux in
      try tmux.wait { $0.contains("ready>") }
      try tmux.type(
        "XDG_CONFIG_HOME=/nonexistent \(Program.url.path()) \(arguments); echo status=$?")
      let first = try tmux.wait { $0.contains(ready) }
      #expect(first.contains(ready), "\(first)")
      try body(tmux)
    }
  }

  private func expect(
    _ text: String, on tmux: Tmux, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let screen = try tmux.wait { $0.contains(text) }
    #expect(screen.contains(text), "\(screen)", sourceLocation: sourceLocation)
  }

  /// The text of a frame in colour, without its colours.
  private func plain(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).replacing(/\e\[[0-9;]*m/, with: "")
      .split(separator: "\n", omittingEmptySubsequences: false).map(trimmed)
  }

  private func trimmed(_ line: some StringProtocol) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  @Test func whatWasSeenIsPlayedHeadless() throws {
    try TemporaryFolder.with { folder in
      let (script, frame) = (folder.path("s.script"), folder.path("s.ans"))
      try session("three --record \(script)") { tmux in
        try tmux.press("+", "m", "r", "n", "Space")
        try expect("▶", on: tmux)
        try expect("seed 10", on: tmux)
        try tmux.press("Space")
        try tmux.wait { !$0.contains("▶") }
        try tmux.type(":rate .35")
        try expect("keep .65", on: tmux)
        try tmux.resize(width: 100, height: 30)
        try expect("t train/eval", on: tmux)
        let seen = try tmux.screen()
        try tmux.press("q")
        try expect("status=0", on: tmux)
        #expect(try Program.run("play", script, "-o", frame).status == 0)
        let lines = seen.split(separator: "\n", omittingEmptySubsequences: false).map(trimmed)
        #expect(try plain(frame).prefix(30) == lines.prefix(30))
      }
    }
  }

  @Test func aKilledSessionLosesNothingThatWasDone() throws {
    try TemporaryFolder.with { folder in
      let script = folder.path("s.script")
      let marker = folder.path("pid")
      try session("--record \(script) & echo $! > \(marker); fg", ready: "help") { tmux in
        try tmux.press("+", "+", "s")
        try expect("spatial  p", on: tmux)
        let pid = try String(contentsOfFile: marker, encoding: .utf8)
        kill(try #require(pid_t(pid.filter(\.isNumber))), SIGKILL)
        let text = try String(contentsOfFile: script, encoding: .utf8)
        let actions = text.split(separator: "\n").map { $0.split(separator: " ").last! }
        #expect(actions.suffix(3) == ["rate-up", "rate-up", "spatial"], "\(text)")
        #expect(text.hasSuffix("\n"))
        let played = try Program.run("play", script)
        #expect(played.status == 0 && played.err.isEmpty)
        #expect(played.out.contains("keep .40"))
      }
    }
  }

  @Test func aFullDiskIsSaidOnTheScreen() throws {
    try session("--record /dev/full", ready: "/dev/full: cannot write") { tmux in
      try tmux.press("+")
      try expect("keep .45", on: tmux)
      try tmux.press("q")
      try expect("dropscope: /dev/full: cannot write: No space left on device", on: tmux)
      try expect("status=0", on: tmux)
    }
  }

  @Test func aFileThatCannotBeMadeIsSaidAndTheSessionGoesOn() throws {
    for option in ["--record", "--cast"] {
      try session("\(option) /proc/x", ready: "/proc/x: cannot write") { tmux in
        try tmux.press("+")
        try expect("keep .45", on: tmux)
        try tmux.press("q")
        try expect("dropscope: /proc/x: cannot write: ", on: tmux)
        try expect("status=0", on: tmux)
      }
    }
  }

  @Test func playingInTheTerminalHandsOverAtTheEnd() throws {
    try TemporaryFolder.with { folder in
      let script = try folder.write(
        """
        dropscope script 1
        open two
        size 200 60
        0.5 rate-up
        0.6 copy-command
        0.7 command
        0.7 type save \(folder.path("stolen.npy"))
        0.8 submit
        0.9 play
        1.0 tick
        1.1 quit

        """, "s.script")
      try session("play \(script) --cast \(folder.path("x.cast"))") { tmux in
        try expect("the recording has ended", on: tmux)
        let end = try tmux.screen()
        #expect(end.contains("two ▸ digits") && end.contains("keep .45"), "\(end)")
        // It was resampling: that goes on by itself now.
        try expect("seed 11", on: tmux)
        try tmux.press("Space", "+")
        try expect("keep .40", on: tmux)
        try tmux.press("q")
        try expect("status=0", on: tmux)
      }
      // A script reaches nothing beyond the screen.
      #expect(!FileManager.default.fileExists(atPath: folder.path("stolen.npy")))
      #expect(FileManager.default.fileExists(atPath: folder.path("x.cast")))
    }
  }

  @Test func playingCanBePausedStoppedAndQuit() throws {
    try TemporaryFolder.with { folder in
      let script = try folder.write(
        "dropscope script 1\n0 command\n0.1 type ra\n3 close\n3.1 resample\n9 quit\n", "s.script")
      try session("play \(script) --speed 2", ready: ":ra") { tmux in
        // Stopped while a command is typed: it is closed, so that q quits.
        try tmux.press("Escape")
        try expect("the recording was stopped", on: tmux)
        try tmux.press("q")
        try expect("status=0", on: tmux)
        try tmux.type("clear; \(Program.url.path()) play \(script) --speed 2; echo status=$?")
        try expect("seed 8", on: tmux)
        try tmux.press("Space")
        try expect("paused", on: tmux)
        try tmux.press("+", "Space")
        try expect("goes on", on: tmux)
        #expect(try tmux.screen().contains("keep .50"))
        try tmux.press("q")
        try expect("status=0", on: tmux)
      }
    }
  }

  @Test func aCutRecordingIsSaidOnTheScreenAndAfterIt() throws {
    try TemporaryFolder.with { folder in
      let script = try folder.write("dropscope script 1\n0 rate-up\n1 rate-", "s.script")
      try session("play \(script)", ready: "cut at line 3") { tmux in
        try expect("keep .45", on: tmux)
        try tmux.press("q")
        try expect("status=0", on: tmux)
        try expect("no end", on: tmux)
      }
    }
  }
}
