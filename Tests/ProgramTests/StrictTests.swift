import Formats
import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Program

/// A model with what ONNX does not allow runs, is warned about by `info`, and is refused where the user
/// asks for strictness.
@Suite struct StrictTests {
  private func withModel(
    keepsDims: Int = 5,
    _ body: (_ model: String, _ input: String, _ folder: TemporaryFolder) throws
      -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "odd", inputs: [.init("x", dims: [1, 1, 4, 4])], outputs: ["y"],
        nodes: [
          Node(
            name: "mean", "ReduceMean", inputs: ["x"], outputs: ["m"],
            attributes: ["keepdims": .int(keepsDims), "axes": .ints([1])]),
          Node(
            name: "relu", "Relu", inputs: ["m"], outputs: ["y"], attributes: ["alpha": .float(1)]),
        ])
      let (model, input) = (folder.path("odd.onnx"), folder.path("x.npy"))
      try FileBytes.write(ONNXWriter.bytes(graph, named: model), to: model)
      try FileBytes.write(NPY.bytes(Tensor([1, 1, 4, 4], repeating: 2)), to: input)
      try body(model, input, folder)
    }
  }

  @Test func infoWarns() throws {
    try withModel { model, _, _ in
      let result = try Program.run("info", model)
      #expect(result.status == 0, "\(result.err)")
      #expect(
        result.out.contains(
          "warning: node mean: ReduceMean attribute keepdims: expected 0 to 1, found 5\n"))
      #expect(result.out.contains("warning: node relu: Relu of opset 17 has no attribute alpha\n"))
    }
  }

  @Test func everyCommandRefusesWhereAskedTo() throws {
    try withModel { model, input, folder in
      let said =
        "dropscope: \(model): node mean: ReduceMean attribute keepdims: expected 0 to 1, found 5, "
        + "and 1 more; info lists them\n"
      let out = folder.path("out")
      let commands = [
        ["run", model, "--input", "x=\(input)", "-o", out], ["info", model],
        ["edit", model, "--at", "relu=element,.5", "--force", "-o", folder.path("new.onnx")],
        ["render", input, "--model", model, "-o", folder.path("view.txt")],
        ["export", input, "--model", model, "--stage", "clean", "-o", folder.path("x.npy")],
      ]
      for command in commands {
        let plain = try Program.run(command)
        #expect(plain.status == 0, "\(command): \(plain.err)")
        let strict = try Program.run(command + ["--strict"])
        #expect(strict.status == 65, "\(command)")
        #expect(strict.err == said, "\(command)")
      }
    }
  }

  @Test func builtInModelsAreStrict() throws {
    for model in BuiltIns.modelNames {
      #expect(try Program.run("info", model, "--strict").status == 0)
    }
  }
}
