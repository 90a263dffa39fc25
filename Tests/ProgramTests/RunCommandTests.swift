import Formats
import NeuralNet
import TensorCore
import Testing
import TestSupport

@Suite struct RunCommandTests {
  /// Two inputs, outputs of three types and with names that are no file names.
  static func model(in folder: TemporaryFolder) throws -> String {
    let graph = try Graph(
      name: "g", inputs: [.init("a", dims: [nil, 3]), .init("b=", dims: [3])],
      outputs: ["sum/of:both", "kept", "at"],
      constants: ["ratio": .float32(NDArray(scalar: 0.5))],
      nodes: [
        Node("Add", inputs: ["a", "b="], outputs: ["sum/of:both"]),
        Node("Dropout", inputs: ["sum/of:both", "ratio"], outputs: ["dropped", "kept"]),
        Node("Reshape", inputs: ["dropped", "flat"], outputs: ["image"]),
        Node(
          "MaxPool", inputs: ["image"], outputs: ["pooled", "at"],
          attributes: ["kernel_shape": .ints([1]), "strides": .ints([1])]),
        Node(
          "Constant", inputs: [], outputs: ["flat"],
          attributes: ["value": .tensor(.int64(NDArray([3], [1, 1, -1])))]),
      ])
    let path = folder.path("model.onnx")
    try FileBytes.write(ONNXWriter.bytes(graph, named: path), to: path)
    return path
  }

  @Test func everyOutputIsWrittenWithItsOwnType() throws {
    try TemporaryFolder.with { folder in
      let model = try Self.model(in: folder)
      let (a, b, out) = (folder.path("a.npy"), folder.path("b.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([2, 3], [1, 2, 3, 4, 5, 6])), to: a)
      try FileBytes.write(NPY.bytes(Tensor([3], [10, 20, 30])), to: b)
      func run(_ more: String...) throws -> [String: Value] {
        let result = try Program.run(
          ["run", model, "--input", "a=\(a)", "--input", "b==\(b)", "-o", out] + more)
        #expect(result.status == 0, "\(result.err)")
        #expect(result.out.isEmpty)
        var values: [String: Value] = [:]
        for name in ["sum_of_both", "kept", "at"] {
          let path = "\(out)/\(name).npy"
          values[name] = try NPY.value(from: FileBytes.read(path), named: path)
        }
        return values
      }
      let plain = try run()
      #expect(plain["sum_of_both"] == .float32(Tensor([2, 3], [11, 22, 33, 14, 25, 36])))
      #expect(plain["kept"] == .bool(NDArray([2, 3], repeating: true)))
      #expect(plain["at"] == .int64(NDArray([1, 1, 6], [0, 1, 2, 3, 4, 5])))
      let seeds = try (0..<8).map { try run("--training", "--seed", "\($0)")["kept"] }
      #expect(Set(seeds.map { "\(String(describing: $0))" }).count > 1)
      #expect(try run("--training", "--seed", "3")["kept"] == seeds[3])
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    try TemporaryFolder.with { folder in
      let model = try Self.model(in: folder)
      let (a, out) = (folder.path("a.npy"), folder.path("out"))
      try FileBytes.write(NPY.bytes(Tensor([2, 2], [1, 2, 3, 4])), to: a)
      func fails(_ status: Int32, _ text: String, _ arguments: String...) throws {
        let result = try Program.run(["run"] + arguments)
        #expect(result.status == status, "\(arguments)")
        #expect(result.err.contains(text), "\(result.err)")
        #expect(result.err.split(separator: "\n").count == 1)
      }
      try fails(
        65, "expected --input b==FILE.npy [3] float32", model, "--input", "a=\(a)", "-o", out)
      try fails(65, "one of a, b=", model, "--input", "c=\(a)", "-o", out)
      try fails(64, "expected NAME=FILE.npy", model, "--input", a, "-o", out)
      try fails(64, "a twice", model, "--input", "a=\(a)", "--input", "a=\(a)", "-o", out)
      try fails(
        65, "input a: expected float32 [?,3]", model, "--input", "a=\(a)", "--input", "b==\(a)",
        "-o", out)
      try fails(66, "absent.npy", model, "--input", "a=absent.npy", "-o", out)
      try fails(73, "expected a folder", "edges", "--input", "image=\(a)", "-o", a)
    }
  }
}
