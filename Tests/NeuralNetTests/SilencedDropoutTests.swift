import Masks
import TensorCore
import Testing

@testable import NeuralNet

/// Dropout nodes of a graph that are put to rest.
@Suite struct SilencedDropoutTests {
  private let x = Tensor([2, 3, 4, 5]) { cells in for i in cells.indices { cells[i] = Float(i) } }

  private func graph(_ kind: any DropoutKind) throws -> Graph {
    try Graph(
      name: "g", inputs: [Graph.Input("x", dims: [nil, 3, 4, 5])], outputs: ["s"],
      nodes: [
        Node("Relu", inputs: ["x"], outputs: ["r"]), Node("Sigmoid", inputs: ["r"], outputs: ["s"]),
      ]
    ).adding([("r", Dropout(kind, rate: try Rate(0.5)))])
  }

  @Test func theyDoNothingInTraining() throws {
    let training = RunContext(mode: .train, stream: RandomStream(seed: 1))
    for kind in [ElementDropout() as any DropoutKind, SpatialDropout()] {
      let graph = try graph(kind)
      let own = try #require(Network(graph).writtenDropouts.first)
      func output(_ graph: Graph, _ context: RunContext) throws -> [Float]? {
        try Network(graph).run(["x": .float32(x)], context: context).tensor("s")?.elements
      }
      let clean = try output(graph, RunContext())
      #expect(try output(graph, training) != clean)
      #expect(try output(graph.edited { $0.disableDropout([own.output]) }, training) == clean)
      #expect(try output(graph.edited { $0.disableDropout() }, training) == clean)
      #expect(try output(graph.edited { $0.disableDropout([]) }, training) != clean)
    }
  }
}
