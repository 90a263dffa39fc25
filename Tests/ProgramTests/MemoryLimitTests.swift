import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// What would need more memory than there may be is one line, told before it is begun.
@Suite struct MemoryLimitTests {
  private func model(
    _ folder: TemporaryFolder, _ name: String, _ dims: [Int?], _ nodes: [Node], outputs: [String]
  ) throws -> String {
    let graph = try Graph(
      name: "g", inputs: [Graph.Input("x", dims: dims)], outputs: outputs, nodes: nodes)
    return try folder.write(ONNXWriter.bytes(graph, named: "test"), name)
  }

  private func expectRefusal(_ arguments: [String], _ text: String, limit: Duration = .seconds(20))
    throws
  {
    let start = ContinuousClock.now
    let result = try Program.run(arguments)
    #expect(result.status == 65, "\(arguments): \(result.status) \(result.err)")
    #expect(result.err.contains(text), "\(result.err)")
    #expect(result.err.split(separator: "\n").count == 1, "\(result.err)")
    #expect(ContinuousClock.now - start < limit)
  }

  @Test func aSmallFileThatAsksForTooMuch() throws {
    try TemporaryFolder.with { folder in
      let relu = Node("Relu", inputs: ["x"], outputs: ["y"])
      let huge = try model(folder, "huge.onnx", [1, 1, 32768, 32768], [relu], outputs: ["y"])
      try expectRefusal(
        ["seven", "--model", huge],
        "input x: expected at most 268435456 elements, found [1,1,32768,32768]")
      let large = try model(folder, "large.onnx", [1, 1, 8192, 8192], [relu], outputs: ["y"])
      try expectRefusal(
        ["seven", "--model", large, "--memory-limit", "500M"], "(--memory-limit)")
      try expectRefusal(
        ["render", "seven", "--model", large, "--memory-limit=500M", "-o", folder.path("x.txt")],
        "at most 524 MB of memory (--memory-limit)")
      // Nothing at all, reduced along nothing to a great many sums of nothing.
      let sums = try model(
        folder, "sums.onnx", [0, nil, 128],
        [Node("ReduceMax", inputs: ["x"], outputs: ["y"], attributes: ["axes": .ints([0])])],
        outputs: ["y"])
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1099511627776, 128), }\n"
      let npy: [UInt8] =
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      let x = try folder.write(npy, "x.npy")
      try expectRefusal(
        ["run", sums, "--input", "x=\(x)", "-o", folder.path("out")], "563 TB asked for y")
    }
  }

  /// Fifty outputs of a megabyte each, in 64 MB: each is written and let go.
  @Test func outputsAreNotHeldUntilTheEnd() throws {
    try TemporaryFolder.with { folder in
      let nodes = (0..<50).map {
        Node("Relu", inputs: [$0 == 0 ? "x" : "v\($0 - 1)"], outputs: ["v\($0)"])
      }
      let chain = try model(
        folder, "chain.onnx", [nil], nodes, outputs: (0..<50).map { "v\($0)" })
      let x = try folder.write(NPY.bytes(Tensor([1 << 20], repeating: 1)), "x.npy")
      let result = try Program.run(
        "run", chain, "--input", "x=\(x)", "-o", folder.path("out"), "--memory-limit=64M", "--json")
      #expect(result.status == 0, "\(result.err)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
      #expect(files.count == 50)
      let last = try NPY.tensor(from: FileBytes.read(folder.path("out/v49.npy")), named: "v49")
      #expect(last.count == 1 << 20 && last[7] == 1)
      let all = try Program.run(
        "run", chain, "--input", "x=\(x)", "--all", "-o", folder.path("all"),
        "--memory-limit=64M")
      #expect(all.status == 0, "\(all.err)")
    }
  }

  /// The system's own limit, not ours.
  @Test func whatTheSystemRefusesIsALineToo() throws {
    try TemporaryFolder.with { folder in
      let relu = Node("Relu", inputs: ["x"], outputs: ["y"])
      let large = try model(folder, "large.onnx", [1, 1, 8192, 8192], [relu], outputs: ["y"])
      let result = try Subprocess(
        URL(filePath: "/bin/sh"),
        [
          "-c",
          "ulimit -v 1500000; exec \(Program.url.path()) render seven --model \(large) "
            + "--memory-limit 100G -o \(folder.path("x.txt"))",
        ])
      #expect(result.status == 65, "\(result.status) \(result.err)")
      #expect(result.err.contains("the system gives no more"), "\(result.err)")
    }
  }

  @Test func amounts() throws {
    for (text, status) in [
      ("2G", 0), ("500m", 0), ("0", 64), ("-1", 64), ("9999999999999999999", 64), ("8E", 64),
      ("9223372036854775807", 64), ("9223372036854775807K", 64), ("64M", 0), ("1", 64), ("", 64),
    ] as [(String, Int32)] {
      let result = try Program.run("info", "edges", "--memory-limit=\(text)")
      #expect(result.status == status, "\(text): \(result.err)")
    }
    try TemporaryFolder.with { folder in
      try FileManager.default.createDirectory(
        atPath: folder.path("dropscope"), withIntermediateDirectories: true)
      try folder.write("memory-limit = \"17M\"\n", "dropscope/config.toml")
      let relu = Node("Relu", inputs: ["x"], outputs: ["y"])
      let large = try model(folder, "large.onnx", [1, 1, 1500, 1500], [relu], outputs: ["y"])
      let result = try Program.run(
        ["seven", "--model", large], environment: ["XDG_CONFIG_HOME": folder.path])
      #expect(result.status == 65 && result.err.contains("17.8 MB"), "\(result.err)")
      let said = try Program.run(
        ["seven", "--model", large, "--memory-limit=2G"],
        environment: ["XDG_CONFIG_HOME": folder.path])
      #expect(said.status == 0, "\(said.err)")
    }
  }
}
