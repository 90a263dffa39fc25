import Masks
import TensorCore
import Testing

@testable import NeuralNet

/// What `info` warns of.
struct WarningTests {
  private func warnings(
    _ nodes: [Node], opset: Int = 17, constants: [String: Value] = [:],
    inputs: [Graph.Input] = [], output: String
  ) throws -> [String] {
    Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 3])] + inputs, outputs: [output],
        constants: constants.merging(["w": .float32(Tensor([3, 3], repeating: 1))]) { $1 },
        nodes: nodes, opsets: ["": opset])
    ).warnings
  }

  private let dense = Node("MatMul", inputs: ["d", "w"], outputs: ["y"])

  @Test("dropout that acts at inference, or where an input says so")
  func dropout() throws {
    let bool = ["t": Value.bool(NDArray(scalar: true)), "f": .bool(NDArray(scalar: false))]
    func drop(_ inputs: [String]) -> Node {
      Node(name: "drop", "Dropout", inputs: inputs, outputs: ["d"])
    }
    #expect(try warnings([drop(["x"]), dense], output: "y").isEmpty)
    #expect(
      try warnings([drop(["x", "", "t"]), dense], constants: bool, output: "y")
        == ["dropout drop: training_mode is true, so it acts at inference too"])
    #expect(
      try warnings([drop(["x", "", "f"]), dense], constants: bool, output: "y")
        == ["dropout drop: training_mode is false, so it never acts"])
    #expect(
      try warnings(
        [drop(["x", "p", "t"]), dense],
        inputs: [.init("p", dims: []), .init("t", type: .bool, dims: [])], output: "y")
        == [
          "dropout drop: acts where input t is true", "dropout drop: its rate is given by input p",
        ])
    #expect(
      try warnings([drop(["x"]), dense], opset: 6, output: "y")
        == ["dropout drop: is_test is 0, so it acts at inference too"])
    let random = [
      Node("RandomUniformLike", inputs: ["x"], outputs: ["u"]),
      Node("Less", inputs: ["u", "k"], outputs: ["m"]),
      Node("Cast", inputs: ["m"], outputs: ["mf"], attributes: ["to": .int(1)]),
      Node("Div", inputs: ["x", "k"], outputs: ["s"]),
      Node(name: "drop", "Mul", inputs: ["s", "mf"], outputs: ["d"]), dense,
    ]
    #expect(
      try warnings(random, constants: ["k": .float32(Tensor(scalar: 0.9))], output: "y")
        == ["dropout drop at x: random operators drop 0.1 at inference too"])
  }

  @Test("dropout behind the last layer; an operator nobody knows may be one")
  func last() throws {
    let first = Node("MatMul", inputs: ["x", "w"], outputs: ["h"])
    let drop = Node(name: "drop", "Dropout", inputs: ["h"], outputs: ["d"])
    #expect(
      try warnings(
        [first, drop, Node("Softmax", inputs: ["d"], outputs: ["y"])], output: "y")
        == ["dropout drop: no layer with weights comes after it"])
    #expect(try warnings([first, drop, dense], output: "y").isEmpty)
    #expect(
      try warnings([first, drop, Node("Mystery", inputs: ["d"], outputs: ["y"])], output: "y")
        .isEmpty)
  }

  @Test(
    "batch normalisation left in training",
    arguments: [
      (17, ["training_mode": .int(1)], 1, "training_mode is 1"), (17, [:], 1, nil),
      (9, [:], 5, "it makes statistics"), (9, [:], 1, nil), (6, [:], 1, "is_test is 0"),
      (6, ["is_test": .int(1)], 1, nil),
    ] as [(Int, [String: Attribute], Int, String?)])
  func normalization(
    opset: Int, attributes: [String: Attribute], outputs: Int, why: String?
  ) throws {
    let names = ["y", "m", "v", "sm", "sv"].prefix(outputs)
    let node = Node(
      name: "bn", "BatchNormalization", inputs: ["x", "s", "s", "s", "s"], outputs: Array(names),
      attributes: attributes)
    let found = try warnings(
      [node], opset: opset, constants: ["s": .float32(Tensor([3], repeating: 1))], output: "y")
    #expect(
      found
        == (why.map { ["node bn: \($0), so it normalises by the batch at inference too"] } ?? []))
  }

  @Test func nodesOfOneName() throws {
    let found = try warnings(
      [
        Node(name: "conv", "Relu", inputs: ["x"], outputs: ["a"]),
        Node(name: "conv", "Relu", inputs: ["a"], outputs: ["b"]),
        Node(name: "other", "Relu", inputs: ["b"], outputs: ["y"]),
      ], output: "y")
    #expect(found == ["2 nodes are called conv: conv#2 is the second"])
  }
}
