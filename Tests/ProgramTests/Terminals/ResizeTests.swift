import Foundation
import TensorCore
import Testing
import TestSupport

/// The screen changes its size, once or hundreds of times.
@Suite struct ResizeTests {
  /// The screen of a program that begins at a size.
  private func fresh(
    width: Int, height: Int, in folder: TemporaryFolder
  ) throws -> TextScreen {
    let terminal = try Pty.program(in: folder, width: width, height: height)
    #expect(terminal.wait { _ in !terminal.bytes.isEmpty })
    terminal.settle(milliseconds: 300)
    terminal.type("q")
    #expect(terminal.exitStatus() == 0, "\(width)×\(height)")
    // What it left the alternate screen with is gone; what it showed before is in its bytes.
    var screen = TextScreen(width: width, height: height)
    let end = "\u{1B}[?2026l".utf8
    let frames = terminal.bytes.indices.filter { terminal.bytes[$0...].starts(with: end) }
    screen.feed(terminal.bytes[..<(frames.first ?? 0)])
    return screen
  }

  @Test(arguments: [(1, 1), (500, 200), (37, 9)])
  func aStormEndsInTheFrameOfItsLastSize(width: Int, height: Int) throws {
    try TemporaryFolder.with { folder in
      let expected = try fresh(width: width, height: height, in: folder)
      let terminal = try Pty.program(in: folder)
      #expect(terminal.wait(for: "q quit"))
      let start = terminal.screen.lines.first { $0.contains("cell (") }
      let random = RandomStream(seed: UInt64(width * 1000 + height))
      let clock = ContinuousClock.now
      for step in 0..<300 {
        let word = Int(random.word(at: step))
        // Nine of ten are small, for a debug build to keep up; all end in a full frame.
        let limit = step % 10 == 0 ? (500, 200) : (100, 40)
        terminal.resize(width: 1 + word % limit.0, height: 1 + word / limit.0 % limit.1)
        terminal.pump(milliseconds: 2)
      }
      #expect(ContinuousClock.now - clock < .seconds(30))
      terminal.resize(width: width, height: height)
      #expect(
        terminal.wait(seconds: 30) { $0.cells == expected.cells },
        "\(terminal.screen.text)\n\(expected.text)")
      #expect(terminal.screen.unknown == [])
      // The cursor is on the cell it was on.
      terminal.resize(width: 80, height: 24)
      #expect(
        terminal.wait { $0.lines.first { $0.contains("cell (") } == start && start != nil },
        "\(start ?? "no cell")\n\(terminal.screen.text)")
      terminal.resize(width: width, height: height)
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }

  /// Smaller and as before within one signal: the size is the same, but what was cut is gone.
  @Test func thereAndBackAtOnce() throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(in: folder)
      #expect(terminal.wait(for: "q quit"))
      terminal.settle()
      let frame = terminal.screen.cells
      for _ in 0..<20 {
        terminal.resize(width: 7, height: 3)
        terminal.resize(width: 80, height: 24)
        #expect(terminal.wait(seconds: 5) { $0.cells == frame }, "\(terminal.screen.text)")
      }
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }
}
