import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct ONNXReaderTests {
  private func read(_ name: String) throws -> Graph {
    try ONNXReader.graph(at: Golden.path("formats/\(name)"))
  }

  @Test(arguments: ["raw", "typed"]) func readsEveryElementType(_ form: String) throws {
    let constants = try read("types.onnx").constants
    #expect(constants.count == 26)
    func floats(_ type: ElementType, _ values: [Float]) throws -> Value {
      try Value(.float32(Tensor([2, 3], values)), as: type)
    }
    func integers(_ type: ElementType, _ values: [Int64]) throws -> Value {
      try Value(.int64(NDArray([2, 3], values)), as: type)
    }
    let all: [Float] = [0.5, -1.5, 2, 3e38, -0.0, 1]
    #expect(try constants["FLOAT_\(form)"] == floats(.float32, all))
    #expect(try constants["DOUBLE_\(form)"] == floats(.float64, all))
    #expect(try constants["FLOAT16_\(form)"] == floats(.float16, [0.5, -1.5, 2, 1, -0.0, 1]))
    // 3e38 in 8 significant bits.
    let coarse = Float(bitPattern: 0x7F62_0000)
    #expect(
      try constants["BFLOAT16_\(form)"] == floats(.bfloat16, [0.5, -1.5, 2, coarse, -0.0, 1]))
    for type in [ElementType.int8, .int16, .int32, .int64] {
      let name = "\(type.rawValue.uppercased())_\(form)"
      #expect(try constants[name] == integers(type, [0, -1, 2, -128, 100, 127]))
    }
    for type in [ElementType.uint8, .uint16, .uint32, .uint64] {
      let name = "\(type.rawValue.uppercased())_\(form)"
      #expect(try constants[name] == integers(type, [0, 1, 2, 200, 100, 255]))
    }
    let bools = [false, true, true, false, true, false]
    #expect(constants["BOOL_\(form)"] == .bool(NDArray([2, 3], bools)))
  }

  @Test func readsListsThatAreNotPacked() throws {
    let constants = try read("unpacked.onnx").constants
    #expect(constants["floats"] == .float32(Tensor([2], [0.5, -1.5])))
    #expect(constants["doubles"] == .typed(.float64, .float32(Tensor([2], [0.25, -8]))))
    #expect(constants["int32s"] == .typed(.int32, .int64(NDArray([2], [3, -4]))))
    #expect(constants["int64s"] == .int64(NDArray([2], [5, -6])))
  }

  @Test func readsNodesAttributesInputsAndMetadata() throws {
    let graph = try read("everything.onnx")
    #expect(graph.name == "everything")
    #expect(graph.opset == 13 && graph.opsets == ["": 13, "org.example": 2])
    #expect(graph.metadata == ["normalize": "0.1307,0.3081", "note": "α"])
    #expect(
      graph.inputs == [
        Graph.Input("x", dims: [nil, 1, nil, 28], dimNames: ["batch", nil, nil, nil]),
        Graph.Input("k", type: .int64, dims: []),
        Graph.Input("flag", type: .bool, dims: [1]),
      ])
    #expect(graph.outputs == ["y"])
    #expect(graph.constants == ["w": .float32(Tensor([2, 1, 3, 3], (0..<18).map { Float($0) }))])
    #expect(graph.nodes.map(\.name) == ["twice", "chosen", "r", "twice", "two", "scale"])
    // The one that reads c in its bodies comes after the one that makes it, wherever the file has it.
    #expect(graph.nodes.map(\.origin) == [2, 0, 3, 1, 4, 5])
    #expect(graph.producer(of: "chosen")?.bodyReads == ["c"])

    let odd = try #require(graph.producer(of: "odd"))
    #expect(odd.domain == "org.example" && odd.opType == "Odd")
    #expect(odd.inputs == ["r", "", "k"] && odd.outputs == ["odd", "", "extra"])
    #expect(
      odd.attributes == [
        "f": .float(0.5), "i": .int(-7), "s": .string("text"),
        "t": .tensor(.int64(NDArray([2], [1, 2]))), "fs": .floats([0.25, 0.5]),
        "is_": .ints([1, -2]), "ss": .strings(["a", "b"]), "st": .unsupported("STRING tensor"),
      ])
    #expect(graph.producer(of: "chosen")?.attributes["then_branch"]?.body != nil)
    #expect(graph.producer(of: "two")?.attributes == ["value_float": .float(2)])
    // Both nodes called "twice" can be reached.
    #expect(graph.value(named: "twice") == "c" && graph.value(named: "odd") == "odd")
  }

  @Test func readsTensorsBesideTheModel() throws {
    let constants = try read("external.onnx").constants
    #expect(constants["a"] == .float32(Tensor([2, 3], (0..<6).map { Float($0) })))
    #expect(constants["b"] == .int64(NDArray([4], [0, 1, 2, 3])))
  }

  @Test(
    .enabled(if: Shared.has("data/models/cntk_mnist-8.onnx"), "needs ../shared"),
    arguments: [
      ("burn_mnist_with_dropout.onnx", 16, 14, 20, "33"),
      ("cntk_mnist-8.onnx", 8, 12, 8, "Plus214_Output_0"),
    ])
  func readsPeersModels(
    _ name: String, _ opset: Int, _ nodes: Int, _ constants: Int, _ output: String
  ) throws {
    let graph = try ONNXReader.graph(at: Shared.path("data/models/\(name)"))
    #expect(graph.opset == opset && graph.nodes.count == nodes)
    #expect(graph.constants.count == constants && graph.outputs == [output])
    #expect(graph.inputs.map(\.dims) == [[1, 1, 28, 28]])
  }
}
