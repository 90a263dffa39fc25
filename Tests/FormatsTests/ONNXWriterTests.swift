import NeuralNet
import SwiftProtobuf
import TensorCore
import Testing

@testable import Formats

@Suite struct ONNXWriterTests {
  private func same(_ a: Graph, _ b: Graph) -> Bool {
    func bare(_ graph: Graph) -> [Node] {
      graph.nodes.map { node in
        var node = node
        node.origin = nil
        return node
      }
    }
    return a.name == b.name && a.inputs == b.inputs && a.outputs == b.outputs && bare(a) == bare(b)
      && a.constants == b.constants && a.opsets == b.opsets && a.metadata == b.metadata
  }

  private func graph() throws -> Graph {
    let weights = Tensor([2, 1, 3, 3], (0..<18).map { Float($0) / 8 })
    return try Graph(
      name: "edges", inputs: [Graph.Input("x", dims: [nil, 1, 28, 28])],
      outputs: ["r", "c"],
      constants: [
        "w": .float32(weights), "shape": .int64(NDArray([2], [1, -1])),
        "flag": .bool(NDArray(scalar: true)), "none": .float32(Tensor([0], [])),
      ],
      nodes: [
        Node(
          name: "conv", "Conv", inputs: ["x", "w"], outputs: ["c"],
          attributes: [
            "pads": .ints([0, 0, 0, 0]), "auto_pad": .string("NOTSET"), "group": .int(1),
          ]),
        Node("Relu", inputs: ["c"], outputs: ["r"]),
        Node(
          "Odd", domain: "org.example", inputs: ["r", "", "shape"], outputs: ["o", "", "p"],
          attributes: [
            "f": .float(-0.5), "fs": .floats([]), "ss": .strings(["a", ""]),
            "t": .tensor(.float32(Tensor(scalar: 3))), "b": .tensor(.bool(NDArray([1], [false]))),
          ]),
      ], opsets: ["": 17, "org.example": 1], metadata: ["normalize": "0.1307,0.3081", "a": ""])
  }

  private func proto(_ graph: Graph) throws -> Onnx_ModelProto {
    try Onnx_ModelProto(serializedBytes: try ONNXWriter.bytes(graph, named: "a"))
  }

  /// The first built-in models were written by this writer before it knew documents.
  @Test(arguments: ["digits", "edges"]) func writesGraphsOfItsOwnAsEver(_ name: String) throws {
    let graph = try #require(try BuiltIns.model(name)).alone()
    #expect(graph.document == nil)
    let bytes = BuiltIns.bytes("\(name).onnx")
    let producer = try Onnx_ModelProto(serializedBytes: bytes).producerName
    #expect(try ONNXWriter.bytes(graph, named: name, producer: producer) == bytes)
  }

  /// A value's type is the file's, whatever it is computed in.
  @Test func writesEveryElementType() throws {
    for type in ElementType.allCases {
      let value: Value
      switch type.computed {
      case .float32:
        // There is no sign in it.
        let numbers: [Float] = type == .float8e8m0 ? [0.5, 2, 3e-5] : [0.5, -2, 3e-5]
        value = try Value(.float32(Tensor([3], numbers)), as: type)
      case .int64: value = try Value(.int64(NDArray([3], [0, 1, 100])), as: type)
      case .bool: value = .bool(NDArray([3], [true, false, true]))
      default:
        let graph = try self.graph(with: .opaque(type, [3]))
        let error = formatError("b.onnx") { _ = try ONNXWriter.bytes(graph, named: "b.onnx") }
        #expect(error?.kind == .cannotWrite)
        continue
      }
      let bytes = try ONNXWriter.bytes(graph(with: value), named: "a")
      #expect(try ONNXReader.graph(from: bytes, named: "a").constants["w"] == value)
    }
  }

  private func graph(with value: Value) throws -> Graph {
    try Graph(
      name: "g", inputs: [Graph.Input("x", dims: [1])], outputs: ["y"], constants: ["w": value],
      nodes: [Node("Odd", inputs: ["x", "w"], outputs: ["y"])])
  }

  @Test func readsBackWhatWasWritten() throws {
    let graph = try graph()
    let bytes = try ONNXWriter.bytes(graph, named: "edges.onnx")
    #expect(same(try ONNXReader.graph(from: bytes, named: "a"), graph))
    #expect(try ONNXWriter.bytes(try self.graph(), named: "edges.onnx") == bytes)
  }

  @Test(arguments: ["types.onnx", "unpacked.onnx"]) func writesWhatOthersMade(_ name: String) throws
  {
    let graph = try ONNXReader.graph(from: golden(name), named: name).alone()
    let bytes = try ONNXWriter.bytes(graph, named: name)
    #expect(same(try ONNXReader.graph(from: bytes, named: name), graph))
  }

  @Test func declaresOutputsWithTheirShapes() throws {
    let proto = try proto(graph())
    #expect(proto.irVersion == 8 && proto.producerName == "dropscope")
    for output in proto.graph.output {
      let dims = output.type.tensorType.shape.dim
      #expect(dims.map(\.dimValue) == [0, 2, 26, 26])
      #expect(dims[0].value == nil)
    }
  }

  @Test(arguments: [
    (8, 4), (9, 4), (10, 5), (13, 7), (14, 7), (15, 8), (18, 8), (21, 10), (25, 12),
  ])
  func choosesAnIRVersionThatKnowsTheOpset(_ opset: Int, _ version: Int64) throws {
    var graph = try graph()
    graph.opsets[""] = opset
    let proto = try proto(graph)
    #expect(proto.irVersion == version)
  }

  /// Without its file.
  @Test func refusesWhatCouldNotBeRead() throws {
    let graph = try ONNXReader.graph(from: golden("everything.onnx"), named: "a").alone()
    let error = formatError("b.onnx") { _ = try ONNXWriter.bytes(graph, named: "b.onnx") }
    #expect(error?.kind == .cannotWrite)
    #expect(
      error?.description.hasPrefix(
        "b.onnx: node chosen: attribute else_branch: expected numbers, text or a tensor, found graph"
      ) ?? false, "\(String(describing: error))")
  }
}
