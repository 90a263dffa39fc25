import Formats
import Foundation
import Masks
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing
import TestSupport

@testable import Program

/// Sessions kept and played again without a terminal.
@Suite struct PlayTests {
  private static let folder = URL(filePath: Repository.path("Tests/Scripts"))
  static let scripts = try! FileManager.default.contentsOfDirectory(atPath: folder.path())
    .filter { $0.hasSuffix(".script") }.sorted()

  /// Each committed script ends on the frame beside it. RECORD=1 writes the frames and fails.
  @Test(arguments: scripts) func scriptsEndOnTheirFrame(name: String) throws {
    let result = try Program.run("play", Self.folder.appending(path: name).path(), "-o", "-")
    #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
    expectSnapshot(result.out, at: "Tests/Scripts/\(name.dropLast("script".count))txt")
  }

  @Test func thereAreScripts() { #expect(Self.scripts.count >= 4) }

  /// A cast holds each frame's cells and colours: shown by a terminal it ends where the frame does.
  @Test(arguments: scripts) func castsShowTheFrames(name: String) throws {
    try TemporaryFolder.with { folder in
      let script = Self.folder.appending(path: name).path()
      let (cast, frame) = (folder.path("x.cast"), folder.path("x.ans"))
      let result = try Program.run("play", script, "--cast", cast, "-o", frame)
      #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
      let screen = try replay(cast)
      let expected = shown(
        try String(contentsOfFile: frame, encoding: .utf8), screen.width, screen.height)
      let isColoured = try !String(decoding: FileBytes.read(script), as: UTF8.self)
        .contains(" none\n")
      #expect(screen.unknown == [] && expected.unknown == [])
      #expect(screen.cells.map(\.glyph) == expected.cells.map(\.glyph))
      if isColoured { #expect(screen.cells == expected.cells) }
      // The same script gives the same bytes, and twice the speed half the times.
      let again = try Program.run("play", script, "--cast", "-")
      #expect(try Array(again.out.utf8) == FileBytes.read(cast))
      let fast = try Program.run("play", script, "--cast", "-", "--speed", "2")
      let (slowTimes, fastTimes) = (times(again.out), times(fast.out))
      #expect(slowTimes.count == fastTimes.count)
      for (slow, fast) in zip(slowTimes, fastTimes) { #expect(abs(slow / 2 - fast) < 0.002) }
    }
  }

  private func times(_ cast: String) -> [Double] {
    cast.split(separator: "\n").dropFirst().compactMap {
      Double($0.dropFirst().prefix { $0 != "," })
    }
  }

  /// What a terminal shows of a frame as text with colours, whose lines end as files' lines do.
  private func shown(_ frame: String, _ width: Int, _ height: Int) -> TextScreen {
    var screen = TextScreen(width: width, height: height)
    screen.feed(
      frame.split(separator: "\n").joined(separator: "\r\n").utf8)
    return screen
  }

  private func replay(_ path: String) throws -> TextScreen {
    let lines = try FileBytes.read(path).split(separator: UInt8(ascii: "\n"))
    let header = try JSONSerialization.jsonObject(with: Data(lines[0])) as? [String: Any]
    #expect(header?["version"] as? Int == 2)
    var screen = TextScreen(
      width: try #require(header?["width"] as? Int),
      height: try #require(header?["height"] as? Int))
    var last = 0.0
    for line in lines.dropFirst() {
      let event = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [Any])
      let time = try #require(event[0] as? Double)
      #expect(event.count == 3 && time >= last)
      last = time
      let text = try #require(event[2] as? String)
      if event[1] as? String == "o" {
        screen.feed(text.utf8)
      } else {
        #expect(event[1] as? String == "r")
        let size = text.split(separator: "x").compactMap { Int($0) }
        screen = TextScreen(width: size[0], height: size[1])
      }
    }
    return screen
  }

  /// A session of random keys, ticks, resizes and mouse in the program's own loop: its recording ends
  /// on the frame that was shown last, cell for cell.
  @Test(arguments: [1, 2] as [UInt64]) func aRecordingEndsWhereTheSessionDid(
    seed: UInt64
  ) throws {
    try TemporaryFolder.with { folder in
      let (script, cast, frame) =
        (folder.path("x.script"), folder.path("x.cast"), folder.path("x.ans"))
      let words = ["three", "--kind", "block", "--block", "3"]
      let state = try ScriptHeader(arguments: words).open(from: "words")
      var log = try SessionLog(record: script, cast: cast)
      log.begin(ScriptHeader(state, mask: nil))
      let events = Self.events(seed: seed, count: 300)
      var loop = EventLoop(RecordingBackend(events: events), state, log: log)
      // What these events are is known beforehand; none may overtake another.
      loop.patience = 1_000_000
      loop.run()
      #expect(loop.log.problems == [])
      let result = try Program.run("play", script, "-o", frame)
      #expect(result.status == 0 && result.err.isEmpty, "\(result.err)")
      let last = loop.screen.shown
      #expect(
        try String(decoding: FileBytes.read(frame), as: UTF8.self)
          == ANSIExport.string(last, depth: .truecolor))
      let seen = shown(ANSIExport.string(last, depth: .truecolor), last.width, last.height)
      #expect(try replay(cast).cells == seen.cells)
    }
  }

  private static func events(seed: UInt64, count: Int) -> [InputEvent] {
    let stream = RandomStream(seed: seed)
    // Neither q, which ends it all, nor y, which writes to the test's own terminal.
    let keys: [InputEvent] =
      (32...126).filter { $0 != 113 && $0 != 121 }.map { .character(Unicode.Scalar(UInt8($0))) }
      + [.key(.up), .key(.down), .key(.enter), .key(.escape), .key(.escape), .control("r")]
    return (0..<count).map { step in
      let (a, b) = (Int(stream.word(at: 2 * step)), Int(stream.word(at: 2 * step + 1)))
      switch a % 30 {
      case 0: return .resize(width: 20 + b % 130, height: 5 + b / 130 % 50)
      case 1: return .mouse([.press, .drag, .wheelUp][b % 3], x: b / 3 % 80, y: b / 240 % 24)
      case 2: return .paste("block 3\nkind row")
      default: return keys[b % keys.count]
      }
    } + [.terminate]
  }

  @Test func aFullDiskIsSaidAndTheSessionGoesOn() throws {
    let state = try ScriptHeader().open(from: "nothing")
    try TemporaryFolder.with { folder in
      let cast = folder.path("x.cast")
      var log = try SessionLog(record: "/dev/full", cast: cast)
      log.begin(ScriptHeader(state, mask: nil))
      let screen = RecordingBackend(events: ["+", "+", "s", .terminate])
      var loop = EventLoop(screen, state, log: log)
      loop.patience = 1_000_000
      loop.run()
      #expect(loop.state.setting.rate.p == 0.6 && loop.state.setting.kind == "spatial")
      #expect(loop.log.problems == ["/dev/full: cannot write: No space left on device"])
      #expect(loop.screen.rows.contains { $0.contains("/dev/full: cannot write: No space left") })
      #expect(try replay(cast).text.contains("▀"))
    }
  }

  @Test func mistakesAreOneLine() throws {
    try TemporaryFolder.with { folder in
      let good = "dropscope script 1\n0 rate-up\n"
      let script = try folder.write(good, "good")
      func expect(
        _ arguments: [String], _ status: Int32, _ text: String, _ location: SourceLocation
      ) throws {
        let result = try Program.run(["play"] + arguments)
        #expect(result.status == status, sourceLocation: location)
        #expect(result.err.hasPrefix("dropscope: "), sourceLocation: location)
        #expect(result.err.contains(text), "\(result.err)", sourceLocation: location)
        #expect(result.err.split(separator: "\n").count == 1, sourceLocation: location)
      }
      func bad(_ text: String, _ expected: String, _ line: SourceLocation = #_sourceLocation) throws
      { try expect([try folder.write(text, "bad")], 65, expected, line) }
      try bad("dropscope script 2\n", "bad: line 1: expected dropscope script 1, found drops")
      try bad("dropscope script 1\n0 rate-up\n1 rte\n2 undo\n", "bad: line 3: expected an action")
      try bad("dropscope script 1\nopen --rte 3\n", "bad: open: no option --rte; nearest: --rate")
      try bad("dropscope script 1\nopen --help\n", "bad: open: ")
      try bad("", "line 1: expected dropscope script 1, found nothing")
      for speed in ["0", "-1", "nan", "inf", "1001"] {
        try expect(
          [script, "--speed=\(speed)"], 64, "--speed: expected .001 to 1000", #_sourceLocation)
      }
      try expect([script, "--until=-1"], 64, "--until: expected 0 to", #_sourceLocation)
      try expect([script, "-o", "x.gif"], 64, ".png, .svg, .txt, .ans", #_sourceLocation)
      try expect([script, "--cast", script], 64, "another file", #_sourceLocation)
      try expect([script, "--cast", "-", "-o", "-"], 64, "expected a file", #_sourceLocation)
      try expect(["/nowhere/x"], 66, "/nowhere/x", #_sourceLocation)
      try expect([script, "--cast", "/nowhere/x"], 73, "/nowhere/x", #_sourceLocation)
      #expect(try String(contentsOfFile: script, encoding: .utf8) == good)
      // A cast that does not fit leaves the frame whole.
      let frame = folder.path("x.txt")
      try expect(
        [script, "--cast", "/dev/full", "-o", frame], 73, "No space left", #_sourceLocation)
      #expect(try Program.run("play", script).out == String(contentsOfFile: frame, encoding: .utf8))
    }
  }

  @Test func aCutRecordingIsPlayedUpToTheCut() throws {
    try TemporaryFolder.with { folder in
      let whole = try folder.write("dropscope script 1\n0 rate-up\n", "whole")
      let cut = try folder.write("dropscope script 1\n0 rate-up\n1 rate-up", "cut")
      let (a, b) = (try Program.run("play", whole), try Program.run("play", cut))
      #expect(a.status == 0 && b.status == 0)
      #expect(a.out == b.out && a.err.isEmpty)
      #expect(b.err.contains("cut: line 3 was cut") && b.err.split(separator: "\n").count == 1)
    }
  }

  @Test func untilStopsAfterSoManyActions() throws {
    let script = Self.folder.appending(path: "readme.script").path()
    func keep(_ until: String) throws -> Substring? {
      try Program.run("play", script, "--until", until).out.firstMatch(of: /keep \.\d+/)?.output
    }
    #expect(try keep("0") == "keep .60")
    #expect(try keep("1") == "keep .55")
    #expect(try keep("2") == "keep .50")
    #expect(try keep("1000") == "keep .50")
  }
}

/// Plays queued events, a few at a time as hands do, and keeps the last line of each frame.
private struct RecordingBackend: Backend {
  var size = (width: 80, height: 24)
  var events: [InputEvent]
  private(set) var shown = Buffer(width: 0, height: 0)
  private(set) var rows: [String] = []
  private(set) var isMouseOn = false

  init(events: [InputEvent]) { self.events = events }

  mutating func draw(_ buffer: Buffer) {
    shown = buffer
    rows.append(buffer.row(buffer.height - 1))
  }

  mutating func setMouse(_ isOn: Bool) { isMouseOn = isOn }

  mutating func nextEvent(timeout: Int?) -> InputEvent? {
    // Now and then nothing is there yet, so that batches of all lengths come about.
    if timeout == 0, events.count % 4 == 0 { return nil }
    return events.isEmpty ? .terminate : events.removeFirst()
  }
}
