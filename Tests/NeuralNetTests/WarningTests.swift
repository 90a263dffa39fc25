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

  @Test("a mask that an exporter drew once, by the scale that makes up for it")
  func frozen() throws {
    // 24 of 40 kept.
    let mask = Tensor([4, 10], (0..<40).map { $0 * 7 % 5 < 3 ? 1 : 0 })
    func found(_ scale: Float, _ nodes: [Node], _ mask: Tensor) throws -> [String] {
      try warnings(
        nodes, constants: ["m": .float32(mask), "s": .float32(Tensor(scalar: scale))], output: "y")
    }
    let after = [
      Node(name: "mask", "Mul", inputs: ["x", "m"], outputs: ["k"]),
      Node("Mul", inputs: ["k", "s"], outputs: ["y"]),
    ]
    let before = [
      Node("Div", inputs: ["x", "s"], outputs: ["k"]),
      Node(name: "mask", "Mul", inputs: ["m", "k"], outputs: ["y"]),
    ]
    let end = ", as dropout drawn once by an exporter: the same at every run"
    #expect(
      try found(1 / 0.6, after, mask) == ["node mask: a constant mask keeps 24 of 40 at x" + end])
    #expect(
      try found(0.6, before, mask) == ["node mask: a constant mask keeps 24 of 40 at k" + end])
    // A scale that makes up for another share, none, and a mask that keeps everything.
    #expect(try found(20, after, mask).isEmpty)
    #expect(try found(1, after, mask).isEmpty)
    #expect(try found(1 / 0.6, after, Tensor([4, 10], repeating: 1)).isEmpty)
    #expect(try found(1 / 0.6, after, mask.map { $0 * 2 }).isEmpty)
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
