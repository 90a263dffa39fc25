import Foundation
import Testing

/// `--axes` and what `info` says of axes.
@Suite struct AxesOptionTests {
  /// The axes of inputs and nodes in `info --json`, by name.
  private func axes(_ arguments: String...) throws -> [String: [String]] {
    let result = try Program.run(["info"] + arguments + ["--json"])
    #expect(result.status == 0, "\(result.err)")
    let json = try JSONSerialization.jsonObject(with: Data(result.out.utf8))
    let report = try #require(json as? [String: Any])
    var axes: [String: [String]] = [:]
    for list in ["inputs", "nodes"] {
      for item in try #require(report[list] as? [[String: Any]]) {
        let name = try #require(item["name"] as? String)
        axes[name] = item["axes"] as? [String]
      }
    }
    return axes
  }

  @Test func infoListsAxes() throws {
    let text = try Program.run("info", "edges").out
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.contains("conv1 Conv [1,2,26,26] [N,C,H,W] 18 12168"), "\(text)")
    let axes = try axes("edges")
    #expect(axes["relu2"] == ["N", "C", "H", "W"])
    #expect(axes.values.allSatisfy { !$0.isEmpty })
  }

  @Test("what the user says goes before the operators, and info says who disagrees")
  func overrides() throws {
    #expect(try axes("edges", "--axes", "relu1=N,H,W,C")["relu1"] == ["N", "H", "W", "C"])
    let text = try Program.run("info", "edges", "--axes", "relu1=N,H,W,C").out
    #expect(
      text.contains("axes: axis 1 of relu1 is row, and conv2 takes it for channel"), "\(text)")
    let render = ["render", "--model", "edges", "--axes", "relu1=NCHW", "-o"]
    try TemporaryFolder.with { folder in
      let result = try Program.run(render + [folder.path("x.txt")])
      #expect(result.status == 0, "\(result.err)")
    }
  }

  @Test(
    "a wrong option is one line",
    arguments: [
      ("relu1", "--axes: expected NODE=N,T,F, found relu1"),
      ("=N,C", "--axes: expected NODE=N,T,F, found =N,C"),
      ("rleu1=N,C,H,W", "--axes: expected a node or an input of edges, found rleu1"),
      ("relu1=N,C,H", "--axes: expected 4 names for relu1 [N,C,H,W], found N,C,H"),
      ("relu1=N,C,H,Q", "--axes relu1: axes: expected N sample, C channel,"),
      ("relu1=N,N,H,W", "expected one sample axis at most"),
      ("relu1=", "expected NODE=N,T,F, found relu1="),
    ])
  func wrong(option: String, message: String) throws {
    for command in [
      "info edges", "run edges -o /tmp", "export --model edges -o x.npy --stage mask",
    ] {
      let result = try Program.run(
        command.split(separator: " ").map(String.init) + ["--axes", option])
      #expect(result.status == 64, "\(command)")
      #expect(result.err.contains(message), "\(result.err)")
      #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
    }
    let twice = try Program.run("info", "edges", "--axes", "relu1=NCHW", "--axes", "relu1=NCHW")
    #expect(twice.err.contains("--axes: expected each node once, found relu1 twice"))
  }

  @Test(
    "channels last and sizes with names in a file",
    .enabled(if: Shared.has("cases/nhwc_open.onnx"), "needs the shared cases"))
  func channelsLast() throws {
    let open = try axes(Shared.path("cases/nhwc_open.onnx"))
    #expect(open["x"] == ["N", "H", "W", "C"])
    let fixed = try axes(Shared.path("cases/nhwc.onnx"))
    #expect(fixed["image"] == ["N", "H", "W", "C"])
    #expect(fixed["to_nhwc"] == ["N", "H", "W", "C"])
    #expect(fixed["dense"] == ["N", "F"])
  }
}
