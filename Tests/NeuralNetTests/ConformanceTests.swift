import NeuralNet
import TensorCore
import Testing

/// What of a graph ONNX does not allow is said, a line each, and nothing of one that it allows.
struct ConformanceTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var opType: String
    var opset = 17
    var attributes: [String: Attribute] = [:]
    var inputs = ["x"]
    var outputs = ["y"]
    var type = ElementType.float32
    var says: String
    var testDescription: String { says }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      opType: "Relu", attributes: ["alpha": .float(1)],
      says: "Relu of opset 17 has no attribute alpha"),
    Mistake(
      opType: "Relu", opset: 6, attributes: ["consumed_inputs": .ints([0])],
      says: "Relu of opset 6 has no attribute consumed_inputs"),
    Mistake(
      opType: "ReduceMean", attributes: ["keepdims": .int(7)],
      says: "ReduceMean attribute keepdims: expected 0 to 1, found 7"),
    Mistake(
      opType: "ReduceMean", attributes: ["keepdims": .float(1)],
      says: "ReduceMean attribute keepdims: expected int, found float"),
    Mistake(
      opType: "MaxPool", attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([1, 0])],
      says: "MaxPool attribute strides: expected 1 or more, found [1, 0]"),
    Mistake(opType: "MaxPool", says: "MaxPool of opset 17 needs an attribute kernel_shape"),
    Mistake(
      opType: "BatchNormalization", attributes: ["epsilon": .float(-1)],
      inputs: ["x", "x", "x", "x", "x"],
      says: "BatchNormalization attribute epsilon: expected 0.0 or more, found -1.0"),
    Mistake(
      opType: "Pad", opset: 18, attributes: ["mode": .string("wrap")], inputs: ["x", "n"],
      says: "Pad attribute mode: expected constant, reflect, edge, found wrap"),
    Mistake(opType: "Gelu", says: "there is no Gelu before opset 20, this is 17"),
    Mistake(
      opType: "Relu", opset: 13, type: .int32, says: "Relu of opset 13 takes no int32 as input 0"),
    Mistake(opType: "Sigmoid", type: .bool, says: "Sigmoid of opset 17 takes no bool as input 0"),
    Mistake(
      opType: "ReduceSum", inputs: ["x", "x"],
      says: "ReduceSum of opset 17 takes no float32 as input 1"),
    Mistake(
      opType: "Clip", opset: 6, inputs: ["x", "x", "x"],
      says: "Clip of opset 6: expected 1 inputs, found 3"),
    Mistake(opType: "Add", says: "Add of opset 17: expected 2 inputs, found 1"),
    Mistake(opType: "Add", inputs: ["", "x"], says: "Add of opset 17 needs an input 0"),
    Mistake(
      opType: "Relu", outputs: ["y", "z"],
      says: "Relu of opset 17: expected 1 outputs at most, found 2"),
  ]

  private func complaints(_ mistake: Mistake) throws -> [String] {
    let graph = try Graph(
      name: "g", inputs: [Graph.Input("x", type: mistake.type, dims: [1, 1, 4, 4])],
      outputs: ["y"],
      constants: [
        "n": .int64(NDArray([8], [Int64](repeating: 0, count: 8))),
        "high": .float32(NDArray(scalar: 1)),
      ],
      nodes: [
        Node(
          name: "n1", mistake.opType, inputs: mistake.inputs, outputs: mistake.outputs,
          attributes: mistake.attributes)
      ], opsets: ["": mistake.opset])
    let network = Network(graph)
    return network.conformance(network.signature())
  }

  @Test(arguments: mistakes) func isSaid(_ mistake: Mistake) throws {
    #expect(try complaints(mistake) == ["node n1: \(mistake.says)"])
  }

  /// An optional input left out, an output nobody wants, and what came with a later operator set.
  @Test func nothingIsSaidOfWhatIsAllowed() throws {
    let allowed = [
      Mistake(opType: "Clip", inputs: ["x", "", "high"], says: ""),
      Mistake(opType: "Relu", opset: 14, type: .int32, says: ""),
      Mistake(opType: "Sum", inputs: ["x", "x", "x", "x"], says: ""),
      Mistake(opType: "Unheard", attributes: ["of": .int(1)], says: ""),
      Mistake(
        opType: "MaxPool", attributes: ["kernel_shape": .ints([2, 2]), "storage_order": .int(0)],
        outputs: ["y", "i"], says: ""),
    ]
    for model in allowed { #expect(try complaints(model) == [], "\(model.opType)") }
  }
}
