import Masks
import NeuralNet
import TensorCore
import Testing

struct SignatureTests {
  /// Reshapes to a shape that the graph itself computes, as exporters like to write it.
  static func network() throws -> Network {
    Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 2, 4, 4])], outputs: ["y"],
        constants: [
          "weights": .float32(NDArray([3, 2, 3, 3], repeating: 1)),
          "minus": .int64(NDArray([1], [-1])), "four": .int64(NDArray([1], [4])),
          "three": .int64(NDArray([1], [3])),
        ],
        nodes: [
          Node("Conv", inputs: ["x", "weights"], outputs: ["conv"]),
          Node("Mul", inputs: ["three", "four"], outputs: ["twelve"]),
          Node(
            "Concat", inputs: ["minus", "twelve"], outputs: ["shape"], attributes: ["axis": .int(0)]
          ),
          Node("Reshape", inputs: ["conv", "shape"], outputs: ["flat"]),
          Node(
            "Constant", inputs: [], outputs: ["matrix"],
            attributes: ["value": .tensor(.float32(NDArray([12, 10], repeating: 1)))]),
          Node("MatMul", inputs: ["flat", "matrix"], outputs: ["y"]),
        ]))
  }

  @Test("shapes are those of a run, and computed shapes are known without one")
  func shapes() throws {
    let network = try Self.network()
    let signature = network.signature(inputs: ["x": [5, 2, 4, 4]])
    #expect(signature.errors.isEmpty)
    #expect(signature.values["shape"]?.constant == .int64(NDArray([2], [-1, 12])))
    let run = try network.run(["x": .float32(NDArray([5, 2, 4, 4], repeating: 1))])
    #expect(signature.values.count == run.values.count)
    for (name, value) in run.values {
      #expect(signature.values[name]?.shape == value.shape, "\(name)")
      #expect(signature.values[name]?.type == value.type, "\(name)")
    }
    let order = network.graph.nodes.map(\.opType)
    for (opType, cost) in zip(order, signature.multiplyAdds) {
      let expected = ["Conv": 5 * 3 * 2 * 2 * 2 * 9, "MatMul": 5 * 10 * 12][opType] ?? 0
      #expect(cost == expected, "\(opType)")
    }
  }

  @Test func shapesThatCannotBeKnown() throws {
    let network = try Self.network()
    let open = network.signature()
    #expect(open.errors.first == GraphError("input x: a shape for [?,2,4,4] is missing"))
    #expect(open.values["twelve"] != nil)
    #expect(open.errors.map(\.node) == [nil, "conv", "flat", "y"])
    let wrong = network.signature(inputs: ["x": [1, 3, 4, 4]])
    #expect(wrong.errors.first == GraphError("input x: expected [?,2,4,4], found [1,3,4,4]"))
    let huge = network.signature(inputs: ["x": [1 << 40, 2, 4, 4]])
    #expect(huge.errors.first?.message.hasPrefix("input x: expected a result of at most") == true)
    #expect(open.multiplyAdds.count == network.graph.nodes.count)
  }

  @Test func inputsWithoutOpenSizesNeedNotBeGiven() throws {
    let network = Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [1, 3])], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])]))
    #expect(network.signature().values["y"] == ValueInfo([1, 3]))
  }
}
