import Formats
import Foundation
import TestSupport
import Testing

/// `render --panel`: one panel, as large as it is; and frames that nobody can press keys at.
@Suite struct PanelTests {
  private let words = ["render", "seven", "--model", "edges"]

  private func text(_ more: [String]) throws -> [Substring] {
    let run = try Program.run(words + more + ["-o", "-"])
    #expect(run.status == 0, "\(run.err)")
    // A frame on standard output ends in a blank line.
    return run.out.dropLast(2).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A title and 26 rows of 26 cells, two columns each.
  @Test(arguments: [("clean", "clean"), ("mask", "mask"), ("dropped", "after dropout")])
  func mapsAreAlone(panel: String, title: String) throws {
    let lines = try text(["--panel", panel])
    #expect(lines.count == 27, "\(lines.joined(separator: "\n"))")
    #expect(lines[0].contains(title) && lines.allSatisfy { $0.count <= 52 })
    for other in ["clean", "mask", "keep", "quit", "train"] where other != title {
      #expect(!lines[0].contains(other))
      #expect(!lines.dropFirst().contains { $0.contains(other) })
    }
  }

  /// The mask of the panel is the mask that is exported.
  @Test func theMaskIsTheMask() throws {
    let lines = try text(["--panel", "mask", "--rate", "0"]).dropFirst()
    let more = try text(["--panel", "mask", "--rate", "1"]).dropFirst()
    let mask = try Program.run("export", "seven", "--model", "edges", "--stage", "mask", "-o", "-")
    let rows = mask.out.split(separator: "\n").prefix(26).map { $0.split(separator: ",") }
    let half = try text(["--panel", "mask"]).dropFirst()
    var same = 0
    for (y, row) in rows.enumerated() {
      func line(_ lines: ArraySlice<Substring>) -> [Character] {
        Array(
          String(lines[lines.startIndex + y]).padding(toLength: 52, withPad: " ", startingAt: 0))
      }
      let (none, all, some) = (line(lines), line(more), line(half))
      for (x, kept) in row.enumerated() {
        let expected = Double(kept) == 1 ? none : all
        #expect(some[2 * x] == expected[2 * x], "\(y) \(x)")
        same += none[2 * x] == all[2 * x] ? 1 : 0
      }
    }
    // Most cells look otherwise where they are dropped.
    #expect(same < 26 * 26 / 2)
  }

  @Test func theOthersAreAlone() throws {
    let input = try text(["--panel", "input"])
    #expect(input.count == 29 && input[0].contains("input"))
    let meters = try text(["--panel", "meters"])
    #expect(meters.count >= 8 && meters[0].contains("meters at relu1"))
    #expect(!meters.contains { $0.trimmingCharacters(in: .whitespaces).isEmpty })
    let channels = try text(["--panel", "channels"])
    #expect(channels.contains { $0.contains("channels") })
    #expect(!channels.contains { $0.contains("keep") || $0.contains("quit") })
  }

  /// The room that is given is the most that is taken.
  @Test(arguments: ["clean", "mask", "dropped", "channels", "input", "meters"])
  func aSizeIsTheMost(panel: String) throws {
    for size in ["1x1", "10x3", "30x12", "200x100"] {
      let parts = size.split(separator: "x").compactMap { Int($0) }
      let lines = try text(["--panel", panel, "--size", size])
      #expect(lines.count <= parts[1] && lines.allSatisfy { $0.count <= parts[0] }, "\(size)")
    }
  }

  /// A picture is cut to the panel: 78 columns and 40 rows of 10×20 pixels.
  @Test func picturesAreCut() throws {
    try TemporaryFolder.with { folder in
      for (name, panel) in [("m.png", "mask"), ("c.svg", "channels"), ("i.ans", "input")] {
        let run = try Program.run(words + ["--panel", panel, "-o", name], in: folder)
        #expect(run.status == 0, "\(run.err)")
      }
      let png = try FileBytes.read(folder.path("m.png"))
      func size(_ start: Int) -> Int { png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect((size(16), size(20)) == (78 * 10, 40 * 20))
    }
    let bad = try Program.run(words + ["--panel", "masks", "-o", "-"])
    #expect(bad.status == 64 && bad.err.contains("'masks'"), "\(bad.err)")
  }

  /// Without a keyboard no line names keys; what there is to say is said.
  @Test func framesWithoutAKeyboardNameNoKeys() throws {
    let frames = [
      try Program.run().out, try Program.run("render", "-o", "-").out,
      try Program.run("render", "--size", "80x24", "-o", "-").out,
      try Program.run("render", "--size", "24x8", "-o", "-").out,
    ]
    for frame in frames {
      #expect(!frame.contains("quit") && !frame.contains("help"), "\(frame)")
      #expect(frame.contains("p"), "\(frame)")
    }
    try TemporaryFolder.with { folder in
      let rgb = [UInt8](repeating: 90, count: 64 * 48 * 3)
      try folder.write(try PNG.bytes(rgb: rgb, width: 64, height: 48), "photo.png")
      for words in [["photo.png"], ["render", "photo.png", "-o", "-"]] {
        let frame = try Program.run(words, in: folder).out
        #expect(frame.contains("input colour → grey") && !frame.contains("quit"), "\(frame)")
      }
    }
  }
}
