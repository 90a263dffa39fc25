import Masks
import TensorCore
import TestNetworks
import Testing

@testable import NeuralNet

/// Nodes that run as one give the bits they give one by one.
struct FusionTests {
  private let x = SmallNetwork.numbers([2, 6, 9, 11], seed: 1)

  /// A graph of nodes behind one another that reads `x`, with constants.
  private func network(
    _ nodes: [Node], _ constants: [String: Tensor], output: String = "y"
  ) throws -> Network {
    Network(
      try Graph(
        name: "g", inputs: [Graph.Input("x", dims: x.shape.dims.map { $0 })], outputs: [output],
        constants: constants.mapValues { .float32($0) }, nodes: nodes))
  }

  /// Runs for the output alone, where all is fused that can be, and for every value, where nothing is.
  private func compare(
    _ network: Network, _ input: Tensor? = nil, steps: Int, _ what: String
  ) throws {
    let x = input ?? x
    let plan = try Plan(network, wanted: ["y"])
    #expect(plan.steps.count == steps, "\(what): \(plan.steps.map(\.opType))")
    let alone = try plan.run(["x": .float32(x)])
    let all = try Plan(network).run(["x": .float32(x)])
    let (found, expected) = (try #require(alone.tensor("y")), try #require(all.tensor("y")))
    #expect(found.shape == expected.shape)
    #expect(found.elements.map(\.bitPattern) == expected.elements.map(\.bitPattern), "\(what)")
  }

  private static let normalization = ["scale", "shift", "mean", "variance"]

  private func constants(_ channels: Int, _ weights: Shape) -> [String: Tensor] {
    var all = ["w": SmallNetwork.numbers(weights, seed: 2)]
    for (i, name) in (["b"] + Self.normalization).enumerated() {
      all[name] = SmallNetwork.numbers([channels], seed: UInt64(3 + i))
    }
    all["variance"] = all["variance"]!.map { abs($0) + 0.5 }
    return all
  }

  private func block(_ head: Node, _ last: [Node]) -> [Node] {
    [
      head,
      Node(
        "BatchNormalization", inputs: ["c"] + Self.normalization, outputs: ["n"]),
    ] + last
  }

  private let activations: [(String, [Node])] = [
    ("relu", [Node("Relu", inputs: ["n"], outputs: ["y"])]),
    ("leaky", [Node("LeakyRelu", inputs: ["n"], outputs: ["y"])]),
    ("tanh", [Node("Tanh", inputs: ["n"], outputs: ["y"])]),
    ("hard swish", [Node("HardSwish", inputs: ["n"], outputs: ["y"])]),
    (
      "silu",
      [
        Node("Sigmoid", inputs: ["n"], outputs: ["s"]),
        Node("Mul", inputs: ["n", "s"], outputs: ["y"]),
      ]
    ),
    (
      "residual",
      [
        Node("Add", inputs: ["x", "n"], outputs: ["a"]),
        Node("Relu", inputs: ["a"], outputs: ["y"]),
      ]
    ),
  ]

  @Test func behindConvolutions() throws {
    for (kernel, group) in [(1, 1), (3, 1), (3, 2), (3, 6), (5, 6)] {
      let head = Node(
        "Conv", inputs: ["x", "w", "b"], outputs: ["c"],
        attributes: [
          "pads": .ints([Int](repeating: kernel / 2, count: 4)), "group": .int(group),
        ])
      for (name, last) in activations {
        let network = try network(
          block(head, last), constants(6, [6, 6 / group, kernel, kernel]))
        try compare(network, steps: 1, "\(kernel)×\(kernel), \(group) groups, \(name)")
      }
    }
  }

  @Test func clippedByBoundsThatAreInputs() throws {
    let head = Node("Conv", inputs: ["x", "w"], outputs: ["c"])
    var constants = constants(4, [4, 6, 3, 3])
    (constants["low"], constants["high"]) = (Tensor(scalar: 0), Tensor(scalar: 6))
    let nodes = [head, Node("Clip", inputs: ["c", "low", "high"], outputs: ["y"])]
    try compare(try network(nodes, constants), steps: 1, "clip")
  }

  /// What is added to volumes is laid out as their slices are.
  @Test func behindVolumes() throws {
    let x = SmallNetwork.numbers([2, 2, 4, 5, 6], seed: 1)
    var constants = constants(3, [3, 2, 2, 3, 2])
    constants["v"] = SmallNetwork.numbers([3, 2, 2, 3, 2], seed: 9)
    let network = Network(
      try Graph(
        name: "g", inputs: [Graph.Input("x", dims: x.shape.dims.map { $0 })], outputs: ["y"],
        constants: constants.mapValues { .float32($0) },
        nodes: [Node("Conv", inputs: ["x", "v"], outputs: ["d"])]
          + block(
            Node("Conv", inputs: ["x", "w", "b"], outputs: ["c"]),
            [
              Node("Add", inputs: ["n", "d"], outputs: ["a"]),
              Node("Relu", inputs: ["a"], outputs: ["y"]),
            ])))
    try compare(network, x, steps: 2, "volumes")
  }

  @Test func withoutAConvolution() throws {
    let constants = constants(6, [1])
    try compare(
      try network(
        [
          Node("BatchNormalization", inputs: ["x"] + Self.normalization, outputs: ["n"]),
          Node("Relu", inputs: ["n"], outputs: ["y"]),
        ], constants), steps: 1, "batch normalisation")
    try compare(
      try network(
        [
          Node("Add", inputs: ["x", "x2"], outputs: ["n"]),
          Node("Relu", inputs: ["n"], outputs: ["y"]),
        ], ["x2": SmallNetwork.numbers([2, 6, 9, 11], seed: 8)]), steps: 1, "sum")
  }

  @Test func behindProducts() throws {
    let w = SmallNetwork.numbers([11, 7], seed: 2)
    let b = SmallNetwork.numbers([7], seed: 3)
    let other = SmallNetwork.numbers([2, 6, 9, 7], seed: 4)
    for bias in [["b", "m"], ["m", "b"]] {
      try compare(
        try network(
          [
            Node("MatMul", inputs: ["x", "w"], outputs: ["m"]),
            Node("Add", inputs: bias, outputs: ["a"]),
            Node("Add", inputs: ["a", "other"], outputs: ["r"]),
            Node("Gelu", inputs: ["r"], outputs: ["y"]),
          ], ["w": w, "b": b, "other": other]), steps: 1, "dense \(bias)")
    }
  }

  /// The five nodes that exporters write for GELU, with their operands in any order.
  private func gelu(of x: String, turned: Int) -> [Node] {
    func pair(_ a: String, _ b: String, _ bit: Int) -> [String] {
      turned >> bit & 1 == 1 ? [b, a] : [a, b]
    }
    return [
      Node("Div", inputs: [x, "root"], outputs: ["d"]),
      Node("Erf", inputs: ["d"], outputs: ["e"]),
      Node("Add", inputs: pair("e", "one", 0), outputs: ["f"]),
      Node("Mul", inputs: pair(x, "f", 1), outputs: ["g"]),
      Node("Mul", inputs: pair("g", "half", 2), outputs: ["y"]),
    ]
  }

  @Test func geluInFiveNodes() throws {
    let constants = [
      "w": SmallNetwork.numbers([11, 7], seed: 2), "b": SmallNetwork.numbers([7], seed: 3),
      "root": Tensor(scalar: Float(2).squareRoot()), "one": Tensor(scalar: 1),
      "half": Tensor(scalar: 0.5),
    ]
    for turned in 0..<8 {
      try compare(try network(gelu(of: "x", turned: turned), constants), steps: 1, "\(turned)")
      let dense = [
        Node("MatMul", inputs: ["x", "w"], outputs: ["m"]),
        Node("Add", inputs: ["m", "b"], outputs: ["a"]),
      ]
      try compare(
        try network(dense + gelu(of: "a", turned: turned), constants), steps: 1, "dense \(turned)")
    }
    // Other constants make another function, and shapes that broadcast another shape.
    for (name, other) in [
      ("half", Tensor(scalar: 0.25)), ("one", Tensor(scalar: 2)), ("root", Tensor(scalar: 3)),
      ("one", Tensor([1, 1, 1, 1, 1], repeating: 1)), ("half", SmallNetwork.numbers([11], seed: 4)),
    ] {
      try compare(
        try network(gelu(of: "x", turned: 0), constants.merging([name: other]) { $1 }), steps: 1,
        "\(name) \(other.shape)")
    }
    // Who reads what lies between has it.
    let nodes = gelu(of: "x", turned: 0).dropLast()
    try compare(
      try network(
        nodes + [
          Node("Mul", inputs: ["g", "half"], outputs: ["h"]),
          Node("Add", inputs: ["h", "e"], outputs: ["y"]),
        ], constants), steps: 6, "a second reader")
  }

  /// What somebody reads between, or asks for, stays.
  @Test func whatIsReadBetweenStays() throws {
    let head = Node("Conv", inputs: ["x", "w", "b"], outputs: ["c"])
    let nodes = [
      head, Node("Relu", inputs: ["c"], outputs: ["r"]),
      Node("Add", inputs: ["c", "r"], outputs: ["y"]),
    ]
    try compare(try network(nodes, constants(4, [4, 6, 1, 1])), steps: 3, "two readers")
  }

  /// Shapes that broadcast are no residual, and batch statistics no epilogue: both run one by one.
  @Test func oneByOneWhereTheyMust() throws {
    let head = Node("Conv", inputs: ["x", "w", "b"], outputs: ["c"])
    let nodes = [
      head, Node("Add", inputs: ["c", "row"], outputs: ["a"]),
      Node("Relu", inputs: ["a"], outputs: ["y"]),
    ]
    var own = constants(4, [4, 6, 1, 1])
    own["row"] = SmallNetwork.numbers([11], seed: 9)
    try compare(try network(nodes, own), steps: 1, "a row")
    let normalized = try network(
      block(head, [Node("Relu", inputs: ["n"], outputs: ["y"])]), constants(4, [4, 6, 1, 1]))
    let context = RunContext(mode: .train, batchNormalization: .batch)
    let alone = try Plan(normalized, wanted: ["y"], context: context).run(["x": .float32(x)])
    let all = try Plan(normalized, context: context).run(["x": .float32(x)])
    #expect(alone.tensor("y") == all.tensor("y"))
  }
}
