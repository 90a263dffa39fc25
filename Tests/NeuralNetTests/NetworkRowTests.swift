import Masks
import NeuralNet
import TensorCore
import Testing

struct NetworkRowTests {
  @Test("inputs and nodes in order, each with what it makes and costs")
  func table() throws {
    let graph = try SavedDropoutTests.graph()
    let network = Network(graph)
    let rows = network.rows(network.signature(openSizes: 2))
    #expect(rows.map(\.name) == ["x", "conv", "relu", "twice", "pool", "flat", "dense"])
    #expect(rows.map(\.value) == ["x", "conv", "relu", "twice", "pool", "flat", "y"])
    #expect(rows.map(\.node) == [nil, 0, 1, 2, 3, 4, 5])
    #expect(rows.map(\.opType) == [nil, "Conv", "Relu", "Mul", "MaxPool", "Flatten", "MatMul"])
    #expect(
      rows.map(\.shape) == [
        [2, 3, 8, 8], [2, 5, 6, 6], [2, 5, 6, 6], [2, 5, 6, 6], [2, 5, 3, 3], [2, 45], [2, 4],
      ])
    #expect(rows.map(\.parameters) == [0, 135, 0, 0, 0, 0, 180])
    #expect(rows.map(\.multiplyAdds) == [0, 2 * 5 * 36 * 27, 0, 0, 0, 0, 2 * 180])
    #expect(rows.allSatisfy { $0.canTakeDropout && $0.isSupported && $0.ownDropout == nil })
    #expect(rows[0].places == [.input])
    #expect(rows[2].places == [.beforePool, .afterActivation])
    #expect(rows[3].places == [])
    let run = try SavedDropoutTests.run(graph)
    #expect(network.rows(network.signature(), activations: run)[6].shape == [4, 4])
    #expect(network.rows(network.signature())[6].shape == nil)
  }

  @Test("own dropouts stand at their nodes; what only makes noise takes no dropout")
  func edited() throws {
    let graph = try SavedDropoutTests.graph(outputs: ["y"]).adding([
      ("relu", Dropout(SpatialDropout(), rate: try Rate(0.3))),
      ("conv", Dropout(WeightDropout(), rate: try Rate(0.2))),
      ("flat", Dropout(ElementDropout(), rate: try Rate(0.1))),
    ])
    let network = Network(graph)
    let rows = network.rows(network.signature(openSizes: 2))
    let own = rows.compactMap { row in row.ownDropout.map { (row.name, $0.site, $0.rate?.p) } }
    #expect(own.map(\.0) == ["w_dropout", "relu_dropout", "flat_dropout"])
    #expect(own.map(\.1) == ["w", "relu", "flat"])
    #expect(own.map(\.2) == [0.2, 0.3, 0.1])
    let closed = rows.filter { !$0.canTakeDropout }.map(\.value)
    #expect(
      closed == ["w_dropout", "relu_shape", "relu_noise_shape", "relu_ones", "relu_noise", "twice"])
    #expect(rows.reduce(0) { $0 + $1.parameters } == 135 + 180)
  }

  @Test func whatCannotTakeDropout() throws {
    let network = Network(
      try Graph(
        name: "g",
        inputs: [
          .init("x", dims: [2, 3]), .init("i", type: .int64, dims: [1]), .init("u", dims: [2]),
        ],
        outputs: ["z", "five"],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["y"]),
          Node("Relu", inputs: ["x"], outputs: ["unread"]),
          Node("Odd", domain: "org.example", inputs: ["y"], outputs: ["z"]),
          Node("Unsqueeze", inputs: ["x", "axes"], outputs: ["five"]),
          Node(
            "Constant", inputs: [], outputs: ["axes"], attributes: ["value_ints": .ints([0, 1, 2])]),
        ], opsets: ["": 17, "org.example": 1]))
    let rows = network.rows(network.signature())
    let open = Dictionary(uniqueKeysWithValues: rows.map { ($0.value, $0.canTakeDropout) })
    #expect(
      open == [
        "x": true, "i": false, "u": false, "y": true, "unread": false, "z": false, "five": true,
        "axes": false,
      ])
    #expect(rows.filter { !$0.isSupported }.map(\.value) == ["z"])
  }
}
