import TensorCore
import TestNetworks
import Testing

@testable import NeuralNet

/// A plan whose results lie in an arena gives the bits it gives without, and takes no more memory than what
/// is there at once.
struct ArenaPlanTests {
  /// Blocks as MobileNet's (Sandler et al. 2018): wide maps between narrow ones, with a way around.
  private func blocks() throws -> Network {
    var nodes: [Node] = []
    var constants: [String: Value] = [:]
    func convolution(
      _ from: String, _ to: String, _ weights: Shape, stride: Int = 1, group: Int = 1
    ) {
      let name = "w\(constants.count)"
      constants[name] = .float32(SmallNetwork.numbers(weights, seed: UInt64(constants.count)))
      nodes.append(
        Node(
          "Conv", inputs: [from, name], outputs: [to],
          attributes: [
            "pads": .ints([Int](repeating: weights[2] / 2, count: 4)), "group": .int(group),
            "strides": .ints([stride, stride]),
          ]))
    }
    convolution("x", "a0", [8, 3, 3, 3])
    for block in 0..<4 {
      convolution("a\(block)", "b\(block)", [48, 8, 1, 1])
      nodes.append(Node("Relu", inputs: ["b\(block)"], outputs: ["c\(block)"]))
      convolution("c\(block)", "d\(block)", [48, 1, 3, 3], group: 48)
      nodes.append(Node("Relu", inputs: ["d\(block)"], outputs: ["e\(block)"]))
      convolution("e\(block)", "f\(block)", [8, 48, 1, 1])
      nodes.append(Node("Add", inputs: ["a\(block)", "f\(block)"], outputs: ["a\(block + 1)"]))
    }
    nodes.append(Node("Flatten", inputs: ["a4"], outputs: ["flat"]))
    nodes.append(Node("Tanh", inputs: ["flat"], outputs: ["t"]))
    nodes.append(Node("Sigmoid", inputs: ["flat"], outputs: ["s"]))
    nodes.append(Node("Mul", inputs: ["t", "s"], outputs: ["y"]))
    return Network(
      try Graph(
        name: "blocks", inputs: [Graph.Input("x", dims: [1, 3, nil, nil])], outputs: ["y"],
        constants: constants, nodes: nodes))
  }

  private func bits(_ run: Activations) throws -> [UInt32] {
    try #require(run.tensor("y")).elements.map(\.bitPattern)
  }

  @Test func sameBitsInLittleMemory() throws {
    let network = try blocks()
    let plan = try Plan(network, wanted: ["y"])
    let signature = network.signature(inputs: ["x": [1, 3, 48, 48]])
    let placed = plan.laidOut(for: signature)
    #expect(plan.arenaBytes == 0)
    // The two largest in a row, 48 maps each, and the way around them.
    let map = 48 * 48 * 4
    #expect(placed.arenaBytes >= 96 * map)
    #expect(Double(placed.arenaBytes) <= 1.5 * Double(96 * map))
    let sizes: [Shape] = [[1, 3, 48, 48], [1, 3, 48, 48], [1, 3, 40, 56], [1, 3, 48, 48]]
    var kept: [(Activations, [UInt32])] = []
    for (round, size) in sizes.enumerated() {
      let x = Value.float32(SmallNetwork.numbers(size, seed: UInt64(90 + round)))
      let expected = try bits(try plan.run(["x": x]))
      let run = try placed.run(["x": x])
      #expect(try bits(run) == expected)
      try placed.run(["x": x]) { name, value in
        #expect(value.tensor?.elements.map(\.bitPattern) == expected, "\(name)")
      }
      kept.append((run, expected))
    }
    // What a caller keeps is not touched by later runs.
    for (run, expected) in kept { #expect(try bits(run) == expected) }
  }

  @Test func runsSideBySide() async throws {
    let network = try blocks()
    let plan = try Plan(network, wanted: ["y"])
      .laidOut(for: network.signature(inputs: ["x": [1, 3, 32, 32]]))
    let expected = try (0..<4).map { seed in
      try Plan(network, wanted: ["y"]).run([
        "x": .float32(SmallNetwork.numbers([1, 3, 32, 32], seed: UInt64(seed)))
      ])
    }
    await withTaskGroup(of: Void.self) { group in
      for seed in 0..<4 {
        group.addTask {
          let x = Value.float32(SmallNetwork.numbers([1, 3, 32, 32], seed: UInt64(seed)))
          for _ in 0..<5 {
            let run = try? plan.run(["x": x])
            #expect(run?.tensor("y") == expected[seed].tensor("y"))
          }
        }
      }
    }
  }

  /// A result that is wanted does not lie in the arena, nor what shares its elements.
  @Test func wantedResultsLieOutside() throws {
    let network = try blocks()
    let signature = network.signature(inputs: ["x": [1, 3, 48, 48]])
    let all = try Plan(network).laidOut(for: signature)
    #expect(all.arenaBytes == 0)
    let flat = try Plan(network, wanted: ["flat", "y"]).laidOut(for: signature)
    let x = Value.float32(SmallNetwork.numbers([1, 3, 48, 48], seed: 3))
    let first = try flat.run(["x": x])
    let before = first.tensor("flat")?.elements
    _ = try flat.run(["x": .float32(Tensor([1, 3, 48, 48], repeating: 1))])
    #expect(first.tensor("flat")?.elements == before)
  }
}
