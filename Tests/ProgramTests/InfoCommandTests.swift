import Formats
import Foundation
import NeuralNet
import Scope
import TensorCore
import TestSupport
import Testing

@testable import Program

/// What `info` says of sizes that a model leaves open, and of names that several nodes share.
@Suite struct InfoCommandTests {
  private static func graph(dimNames: [String?]? = nil) throws -> Graph {
    try Graph(
      name: "open",
      inputs: [.init("x", dims: [nil, 3, nil, nil], dimNames: dimNames)], outputs: ["y"],
      constants: ["w": .float32(Tensor([4, 3, 3, 3], repeating: 1))],
      nodes: [
        Node(name: "conv", "Conv", inputs: ["x", "w"], outputs: ["c"]),
        Node(
          name: "same", "Conv", inputs: ["x", "w"], outputs: ["s"],
          attributes: ["pads": .ints([1, 1, 1, 1])]),
        Node(name: "pool", "GlobalAveragePool", inputs: ["c"], outputs: ["y"]),
      ])
  }

  private func sizes(_ shapes: OpenShapes, _ value: String) -> [String]? {
    shapes.sizes(value)?.map(\.text)
  }

  @Test func openSizesStayOpen() throws {
    let shapes = OpenShapes(Network(try Self.graph()))
    #expect(sizes(shapes, "c") == ["?", "4", "?", "?"])
    #expect(sizes(shapes, "y") == ["?", "4", "1", "1"])
    #expect(shapes.multiplyAdds(ofNode: 0) == nil)
  }

  @Test func openSizesHaveTheInputsNames() throws {
    let shapes = OpenShapes(Network(try Self.graph(dimNames: ["n", nil, "h", "w"])))
    #expect(sizes(shapes, "s") == ["n", "4", "h", "w"])
    #expect(sizes(shapes, "c") == ["n", "4", "?", "?"])
    #expect(sizes(shapes, "y") == ["n", "4", "1", "1"])
  }

  @Test func sizesThatMustBeEqualAreTakenSo() throws {
    let graph = try Graph(
      name: "sum",
      inputs: [
        .init("a", dims: [nil, nil], dimNames: ["n", "f"]),
        .init("b", dims: [nil, nil], dimNames: ["n", "g"]),
      ], outputs: ["y"], nodes: [Node("Add", inputs: ["a", "b"], outputs: ["y"])])
    #expect(sizes(OpenShapes(Network(graph)), "y") == ["n", "f"])
  }

  @Test func onlyTheFirstSizeOpenCostsOneSample() throws {
    let graph = try Graph(
      name: "dense", inputs: [.init("x", dims: [nil, 5])], outputs: ["y"],
      constants: ["w": .float32(Tensor([5, 7], repeating: 1))],
      nodes: [Node("MatMul", inputs: ["x", "w"], outputs: ["y"])])
    let shapes = OpenShapes(Network(graph))
    #expect(sizes(shapes, "y") == ["?", "7"])
    #expect(shapes.multiplyAdds(ofNode: 0) == 35 && !shapes.hasOpenSizes)
  }

  @Test func nothingIsCountedWithoutAShape() throws {
    let graph = try Graph(
      name: "any", inputs: [.init("x", dims: [], hasShape: false)], outputs: ["y"],
      constants: ["w": .float32(Tensor([4, 3, 3, 3], repeating: 1))],
      nodes: [Node("Conv", inputs: ["x", "w"], outputs: ["y"])])
    let open = OpenShapes(Network(graph))
    #expect(open.sizes("y") == nil && open.multiplyAdds(ofNode: 0) == nil)
    let report = try ModelReport(Network(graph), name: "any")
    #expect(report.problems.isEmpty && report.multiply_adds == nil)
    #expect(report.lines.contains { $0.contains("--size x=1,3,224,224") }, "\(report.lines)")
    let given = OpenShapes(Network(graph), given: ["x": [2, 3, 5, 5]])
    #expect(sizes(given, "y") == ["2", "4", "3", "3"])
    #expect(given.multiplyAdds(ofNode: 0) == 2 * 4 * 9 * 27)
  }

  @Test func theCommandTakesSizes() throws {
    try TemporaryFolder.with { folder in
      let bytes = try ONNXWriter.bytes(try Self.graph(), named: "o")
      let model = try folder.write(bytes, "open.onnx")
      func lines(_ more: String...) throws -> [String] {
        let result = try Program.run(["info", model] + more)
        #expect(result.status == 0, "\(result.err)")
        return result.out.split(separator: "\n").map {
          $0.split(separator: " ").joined(separator: " ")
        }
      }
      let open = try lines()
      #expect(open.contains("input x float32 [?,3,?,?] N,C,H,W"), "\(open)")
      #expect(open.contains("conv Conv [?,4,?,?] N,C,H,W 108 ?"), "\(open)")
      #expect(open.contains("parameters 108 multiply-adds ?"), "\(open)")
      #expect(open.contains("sizes are open: give them as --size x=1,3,224,224"), "\(open)")
      let fixed = try lines("--size", "x=1,3,10,12")
      #expect(fixed.contains("conv Conv [1,4,8,10] N,C,H,W 108 \(8 * 10 * 4 * 27)"), "\(fixed)")
      #expect(!fixed.contains { $0.contains("open") && $0.contains("--size") })
      let json = try JSONSerialization.jsonObject(
        with: Data(Program.run("info", model, "--json").out.utf8))
      let report = try #require(json as? [String: Any])
      let nodes = try #require(report["nodes"] as? [[String: Any]])
      #expect(nodes[0]["shape"] as? NSArray == [NSNull(), 4, NSNull(), NSNull()])
      #expect(nodes[0]["multiply_adds"] == nil && report["multiply_adds"] == nil)
      for wrong in ["x=1,3,a,4", "x=1,2,3,4", "x=1,3", "x=1,3,-1,4", "x"] {
        let result = try Program.run("info", model, "--size", wrong)
        #expect(result.status == 64 && result.err.contains("--size"), "\(result.err)")
      }
      #expect(try Program.run("info", model, "--size", "z=1").status == 65)
    }
  }

  @Test func nodesThatShareANameAreToldApart() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "twice", inputs: [.init("x", dims: [1, 1, 6, 6])], outputs: ["y"],
        nodes: [
          Node(name: "same", "Relu", inputs: ["x"], outputs: ["r"]),
          Node(name: "same", "Sigmoid", inputs: ["r"], outputs: ["y"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "t"), "twice.onnx")
      let info = try Program.run("info", model).out
      #expect(info.contains("same#1") && info.contains("same#2"), "\(info)")
      func clean(_ layer: String) throws -> (values: String, warning: String) {
        let result = try Program.run(
          "export", "--model", model, "--layer", layer, "--stage", "clean", "-o", "-")
        #expect(result.status == 0, "\(result.err)")
        return (result.out, result.err)
      }
      let (first, second) = (try clean("r"), try clean("y"))
      #expect(first.values != second.values && first.warning.isEmpty && second.warning.isEmpty)
      #expect(try clean("same#2") == second)
      #expect(try clean("same#1") == first)
      let vague = try clean("same")
      #expect(vague.values == first.values)
      #expect(
        vague.warning
          == "dropscope: warning: 2 layers are called same: taken is same#1, others are same#2\n")
      let state = try ScriptHeader(arguments: ["--model", model, "--layer", "same#2"]).open(
        from: "s")
      #expect(state.arguments().contains("same#2"))
      let site = try Program.run("render", "--model", model, "--at", "same", "-o", "-")
      #expect(site.err.contains("2 layers are called same"), "\(site.err)")
    }
  }

  /// With arrays `info` runs the model: 300² does not fit into half precision, and sizes are no longer open.
  @Test func numbersThatHalfCannotHoldAreNamed() throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "half", inputs: [.init("x", type: .float16, dims: [nil, 3])], outputs: ["y"],
        nodes: [
          Node(name: "twice", "Add", inputs: ["x", "x"], outputs: ["t"]),
          Node(name: "square", "Mul", inputs: ["t", "x"], outputs: ["y"]),
        ])
      let model = try folder.write(try ONNXWriter.bytes(graph, named: "h"), "half.onnx")
      let x = try folder.write(NPY.bytes(Tensor([2, 3], [300, 1, 2, 3, 1e-4, 5])), "x.npy")
      let words = ["info", model, "--input", "x=\(x)"]
      let text = try Program.run(words).out
      #expect(
        text.contains(
          "warning: node square: of its numbers 1 too large for float16 are infinite, 1 too small for "
            + "float16 are 0"), "\(text)")
      #expect(text.contains("[2,3]") && !text.contains("node twice"), "\(text)")
      let json = try JSONSerialization.jsonObject(
        with: Data(Program.run(words + ["--json"]).out.utf8))
      let losses = try #require((json as? [String: Any])?["rounding_losses"] as? [[String: Any]])
      #expect(losses.count == 1 && losses[0]["infinite"] as? Int == 1)
      #expect(!(try Program.run("info", model, "--json").out.contains("rounding_losses")))
      let missing = try Program.run("info", model, "--input", "z=\(x)")
      #expect(missing.status == 65 && missing.err.contains("found z"), "\(missing.err)")
    }
  }
}
