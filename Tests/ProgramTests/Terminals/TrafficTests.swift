import Foundation
import Testing
import TestSupport

/// What is sent to the terminal: what changed, once, and nothing else.
@Suite struct TrafficTests {
  private func run(
    _ arguments: [String] = [], _ body: (Pty) throws -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(arguments, in: folder)
      try #require(terminal.wait(for: "q quit"), "\(terminal.screen.text)")
      terminal.settle()
      try body(terminal)
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }

  /// How often a sequence was sent since `start`.
  private func count(_ sequence: String, in terminal: Pty, from start: Int) -> Int {
    let sent = String(decoding: terminal.bytes[start...], as: UTF8.self)
    return sent.components(separatedBy: "\u{1B}[\(sequence)").count - 1
  }

  @Test func nothingHappensAtRest() throws {
    try run { terminal in
      let (bytes, ticks) = (terminal.bytes.count, try terminal.processorTicks())
      terminal.pump(milliseconds: 1000)
      #expect(terminal.bytes.count == bytes)
      #expect(try terminal.processorTicks() - ticks <= 1)
    }
  }

  @Test func anEqualFrameSendsNothing() throws {
    try run { terminal in
      let bytes = terminal.bytes.count
      // Closes what lies on top, where nothing does; chooses the rate there is.
      terminal.type("\u{1B}")
      terminal.pump(milliseconds: 200)
      terminal.type("5")
      terminal.pump(milliseconds: 200)
      #expect(terminal.bytes.count == bytes)
    }
  }

  @Test(arguments: [">", "l", "z", "r", "+"])
  func onlyChangedCellsAreSent(key: String) throws {
    try run { terminal in
      let before = terminal.screen
      let start = terminal.bytes.count
      terminal.type(key)
      #expect(terminal.wait { $0.cells != before.cells })
      terminal.settle()
      let after = terminal.screen
      let changed = zip(before.cells, after.cells).filter { $0 != $1 }.count
      let written = after.written - before.written
      // Blanks at a line's end are erased, not written; writing over a few equal cells is shorter than moving the cursor past them.
      #expect(written <= 2 * changed + 24, "\(written) for \(changed)")
      #expect(changed < 1200)
      // One frame is one update for the terminal.
      #expect(count("?2026h", in: terminal, from: start) == 1)
      #expect(count("?2026l", in: terminal, from: start) == 1)
      #expect(terminal.bytes.suffix(8) == Array("\u{1B}[?2026l".utf8)[...])
    }
  }

  /// In 256 colours; a new mask changes nearly all of the maps.
  @Test func aResampledFrameIsTenKilobytes() throws {
    try run { terminal in
      var counts: [Int] = []
      for _ in 0..<12 {
        let start = terminal.bytes.count
        terminal.type("r")
        #expect(terminal.wait { _ in terminal.bytes.count > start })
        terminal.settle()
        counts.append(terminal.bytes.count - start)
      }
      #expect(counts.reduce(0, +) / counts.count <= 10_000, "\(counts)")
      #expect(counts.min()! > 1_000, "\(counts)")
    }
  }

  @Test func oneHundredthMoreIsAFewCells() throws {
    try run { terminal in
      let full = terminal.bytes.count
      let start = terminal.bytes.count
      terminal.type(">")
      #expect(terminal.wait(for: ".51  keep .49"))
      terminal.settle()
      #expect(terminal.bytes.count - start < full / 5)
    }
  }

  /// A key held down: as many frames as there is time for, and the last one right.
  @Test func keysHeldDownBecomeFewFrames() throws {
    try TemporaryFolder.with { folder in
      var expected: [TextScreen.Cell] = []
      try run(["--rate", ".53"]) { terminal in
        terminal.type("l")
        terminal.settle()
        expected = terminal.screen.cells
      }
      try run { terminal in
        let start = terminal.bytes.count
        let clock = ContinuousClock.now
        terminal.type(String(repeating: "+-", count: 250) + ">>>l")
        #expect(terminal.wait { $0.cells == expected }, "\(terminal.screen.text)")
        #expect(ContinuousClock.now - clock < .seconds(10))
        let frames = count("?2026h", in: terminal, from: start)
        #expect(frames <= 100, "\(frames) frames for 504 keys")
      }
    }
  }
}
