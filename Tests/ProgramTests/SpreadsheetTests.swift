import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// The network of fast.ai's dropout spreadsheet, rebuilt from its filters, must give its numbers.
@Suite(
  .enabled(if: Shared.has("reference/spreadsheet"), "needs the spreadsheet's reference arrays"))
struct SpreadsheetTests {
  private static func reference(_ name: String) throws -> Tensor {
    let path = Shared.path("reference/spreadsheet/\(name).csv")
    return try CSV.tensor(from: FileBytes.read(path), named: path)
  }

  /// conv1 → relu1 → conv2 → relu2 → pool → dense, as an ONNX file.
  private static func model() throws -> [UInt8] {
    let filters1 = try reference("filters1").reshaped(to: [2, 1, 3, 3])
    let filters2 = try reference("filters2").reshaped(to: [2, 2, 3, 3])
    let dense = try reference("dense_a").elements + reference("dense_b").elements
    let graph = try Graph(
      name: "sheet", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["y"],
      constants: [
        "w1": .float32(filters1), "w2": .float32(filters2),
        "w3": .float32(Tensor([288, 1], dense)),
      ],
      nodes: [
        Node(name: "conv1", "Conv", inputs: ["image", "w1"], outputs: ["c1"]),
        Node(name: "relu1", "Relu", inputs: ["c1"], outputs: ["r1"]),
        Node(name: "conv2", "Conv", inputs: ["r1", "w2"], outputs: ["c2"]),
        Node(name: "relu2", "Relu", inputs: ["c2"], outputs: ["r2"]),
        Node(
          name: "pool", "MaxPool", inputs: ["r2"], outputs: ["p"],
          attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        Node(name: "flatten", "Flatten", inputs: ["p"], outputs: ["f"]),
        Node(name: "dense", "MatMul", inputs: ["f", "w3"], outputs: ["y"]),
      ])
    return try ONNXWriter.bytes(graph, named: "sheet")
  }

  /// Exports one stage of the sheet's network by the program itself.
  private func export(_ stage: String, _ more: [String], in folder: TemporaryFolder) throws
    -> Tensor
  {
    let out = folder.path("\(stage).csv")
    let result = try Program.run(
      [
        "export", Shared.path("reference/spreadsheet/input.csv"), "--model",
        folder.path("sheet.onnx"), "--stage", stage, "-o", out,
      ] + more)
    #expect(result.status == 0, "\(result.err)")
    return try CSV.tensor(from: FileBytes.read(out), named: out)
  }

  @Test(arguments: [("relu1", "conv1", 26), ("relu2", "conv2", 24), ("pool", "pool", 12)])
  func layersEqualTheSheet(layer: String, name: String, side: Int) throws {
    try TemporaryFolder.with { folder in
      try folder.write(Self.model(), "sheet.onnx")
      let maps = try export("clean", ["--layer", layer], in: folder)
      #expect(maps.shape == [2 * side, side])
      let expected =
        try Self.reference("\(name)_a").elements + Self.reference("\(name)_b").elements
      let error = zip(maps.elements, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(error <= 1e-5)
    }
  }

  @Test func theDenseOutputEqualsTheSheet() throws {
    try TemporaryFolder.with { folder in
      try folder.write(Self.model(), "sheet.onnx")
      let clean = try export("output", ["--rate", "0"], in: folder)
      #expect(abs(clean[0] - 258.73762671) < 1e-3)
      let gates =
        try FileBytes.read(Shared.path("reference/spreadsheet/dropgate_a.csv")) + [10]
        + FileBytes.read(Shared.path("reference/spreadsheet/dropgate_b.csv"))
      let mask = try folder.write(gates, "gates.csv")
      let dropped = try export(
        "output", ["--layer", "relu2", "--mask", mask, "--scale", "none"], in: folder)
      #expect(abs(dropped[0] - 69.86020739) < 1e-3)
    }
  }
}
