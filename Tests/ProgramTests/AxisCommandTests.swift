import Formats
import Foundation
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Axes by name from the command line to the files that are written.
@Suite struct AxisCommandTests {
  @Test(.enabled(if: Shared.has("cases/nhwc.onnx"), "needs ../shared"))
  func channelsLastDropsChannels() throws {
    try TemporaryFolder.with { folder in
      func export(_ stage: String, _ options: String...) throws -> Tensor {
        let path = folder.path("\(stage).npy")
        let result = try Program.run(
          [
            "export", Shared.path("cases/nhwc_x.npy"), "--model", Shared.path("cases/nhwc.onnx"),
            "--layer", "to_nhwc", "--kind", "spatial", "--stage", stage, "-o", path,
          ] + options)
        #expect(result.status == 0, "\(result.err)")
        return try NPY.tensor(from: FileBytes.read(path), named: path)
      }
      var seen: Set<Float> = []
      for seed in ["1", "2", "3"] {
        let mask = try export("mask", "--seed", seed)
        #expect(mask.shape == [8, 8, 4])
        for i in mask.elements.indices { #expect(mask[i] == mask[i % 4]) }
        seen.formUnion(mask.elements)
      }
      #expect(seen == [0, 1])
      #expect(try export("dropped").shape == [8, 8, 4])
      // Called otherwise, other cells share a unit: with channels before the cells rows are dropped.
      let rows = try export("mask", "--axes", "to_nhwc=N,C,H,W", "--seed", "1")
      for i in rows.elements.indices { #expect(rows[i] == rows[i / 32 * 32]) }
    }
  }

  /// A sequence whose samples are its second axis, through a Relu.
  private func sequence(in folder: TemporaryFolder) throws -> (model: String, input: String) {
    let graph = try Graph(
      name: "sequence", inputs: [.init("x", dims: [5, 1, 4])], outputs: ["y"],
      nodes: [Node(name: "relu", "Relu", inputs: ["x"], outputs: ["y"])])
    let (model, input) = (folder.path("m.onnx"), folder.path("x.npy"))
    try FileBytes.write(ONNXWriter.bytes(graph, named: model), to: model)
    let numbers = Tensor([5, 1, 4], (0..<20).map { Float($0) - 3 })
    try FileBytes.write(NPY.bytes(numbers), to: input)
    return (model, input)
  }

  @Test func samplesAreLeftOutWhereverTheyAre() throws {
    try TemporaryFolder.with { folder in
      let (model, input) = try sequence(in: folder)
      let out = folder.path("mask.npy")
      let arguments = [input, "--model", model, "--axes", "x=T,N,F", "--layer", "relu"]
      for stage in ["clean", "mask", "field", "dropped"] {
        let result = try Program.run(["export"] + arguments + ["--stage", stage, "-o", out])
        #expect(result.status == 0, "\(result.err)")
        #expect(try NPY.tensor(from: FileBytes.read(out), named: out).shape == [5, 4], "\(stage)")
      }
      let meters = folder.path("m.json")
      #expect(
        try Program.run(["export"] + arguments + ["--stage", "meters", "-o", meters]).status == 0)
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: meters)))
      #expect((object as? [String: Any])?["axes"] as? [String] == ["time", "sample", "feature"])
      // A mask brought back has the same shape.
      let again = try Program.run(
        ["export"] + arguments + ["--mask", out, "--stage", "mask", "-o", folder.path("b.npy")])
      #expect(again.status == 0, "\(again.err)")
      let screen = folder.path("s.txt")
      #expect(try Program.run(["render"] + arguments + ["-o", screen]).status == 0)
      #expect(try String(contentsOfFile: screen, encoding: .utf8).contains("time × feature"))
    }
  }

  @Test(arguments: [
    ("x=T,N", "expected 3 names for x"), ("y=", "NODE=N,T,F"), ("nobody=N,T,F", "no value nobody"),
    ("T,N,F", "NODE=N,T,F"), ("x=T,N,Q", "feature"), ("relu=N", "expected 3 names for relu"),
  ])
  func mistakesAreOneLine(option: String, part: String) throws {
    try TemporaryFolder.with { folder in
      let (model, input) = try sequence(in: folder)
      let result = try Program.run(
        "export", input, "--model", model, "--axes", option, "--stage", "mask", "-o", "-")
      #expect(result.status == 64)
      #expect(result.err.contains(part), "\(result.err)")
      #expect(result.err.split(separator: "\n").count == 1)
    }
  }
}
