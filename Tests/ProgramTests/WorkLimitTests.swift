import Formats
import Foundation
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// What would take longer than anybody waits is one line, told before it is begun.
@Suite struct WorkLimitTests {
  /// x·x·x·…, `count` products of `size`³ multiply-adds.
  private func chain(_ folder: TemporaryFolder, size: Int, count: Int) throws -> String {
    let graph = try Graph(
      name: "g", inputs: [Graph.Input("v0", dims: [1, 1, size, size])], outputs: ["v\(count)"],
      nodes: (1...count).map {
        Node("MatMul", inputs: ["v\($0 - 1)", "v0"], outputs: ["v\($0)"])
      })
    return try folder.write(ONNXWriter.bytes(graph, named: "test"), "chain.onnx")
  }

  @Test func aSmallFileThatWouldTakeHours() throws {
    try TemporaryFolder.with { folder in
      let model = try chain(folder, size: 512, count: 40)
      let x = try folder.write(NPY.bytes(Tensor([1, 1, 512, 512], repeating: 0)), "x.npy")
      let run = ["run", model, "--input", "v0=\(x)", "-o", folder.path("y.npy")]
      // Ten products and what their elements count.
      let limit = 10 * (512 * 512 * 512 + 16 * 512 * 512)
      let refused = try Program.run(run + ["--work-limit", "\(limit)"])
      #expect(refused.status == 65, "\(refused.err)")
      #expect(
        refused.err.contains(
          "expected at most 1.4e9 multiply-adds a pass (--work-limit), found 1.5e9 up to v11"),
        "\(refused.err)")
      #expect(refused.err.split(separator: "\n").count == 1)
      #expect(try Program.run(run + ["--work-limit", "\(4 * limit)"]).status == 0)
      let first = try Program.run(
        "render", "seven", "--model", model, "--work-limit=1e6", "-o", folder.path("x.txt"))
      #expect(first.status == 65 && first.err.contains("up to v1"), "\(first.err)")
    }
  }

  @Test func amounts() throws {
    for (text, status) in [
      ("2e12", 0), ("1000000000", 0), ("0", 64), ("-1", 64), ("1e19", 64), ("nan", 64),
      ("inf", 64), ("", 64), ("0x10", 64), ("9223372036854775807", 64),
    ] as [(String, Int32)] {
      let result = try Program.run("info", "edges", "--work-limit=\(text)")
      #expect(result.status == status, "\(text): \(result.err)")
    }
    try TemporaryFolder.with { folder in
      try FileManager.default.createDirectory(
        atPath: folder.path("dropscope"), withIntermediateDirectories: true)
      try folder.write("work-limit = 1e5\n", "dropscope/config.toml")
      let model = try chain(folder, size: 64, count: 1)
      let result = try Program.run(
        ["seven", "--model", model], environment: ["XDG_CONFIG_HOME": folder.path])
      #expect(result.status == 65 && result.err.contains("(--work-limit)"), "\(result.err)")
    }
  }

  /// Nothing that a budget counts leaves an `Int`.
  @Test func sumsStopAtTheLargest() {
    WorkBudget.$scopedLimit.withValue(Int.max) {
      var work = 0
      for _ in 0..<3 {
        #expect(throws: Never.self) {
          try WorkBudget.count(Int.max, on: &work, in: "Conv", for: "y")
        }
      }
      #expect(work == Int.max)
    }
  }
}
