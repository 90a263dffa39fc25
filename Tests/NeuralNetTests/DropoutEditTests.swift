import Masks
import TensorCore
import Testing

import NeuralNet

/// Dropouts on edges as nodes of a graph.
@Suite struct DropoutEditTests {
  /// x [N,2,4,5] → Relu r → Add s (r and x) → outputs r and s.
  private func graph(opset: Int = 17) throws -> Graph {
    try Graph(
      name: "g", inputs: [Graph.Input("x", dims: [nil, 2, 4, 5])], outputs: ["s", "r"],
      nodes: [
        Node(name: "relu", "Relu", inputs: ["x"], outputs: ["r"]),
        Node(name: "sum", "Add", inputs: ["r", "x"], outputs: ["s"]),
      ], opsets: ["": opset])
  }

  private func dropout(_ kind: any DropoutKind, _ p: Double, _ scaling: Scaling = .inverted) throws
    -> Dropout
  {
    Dropout(kind, rate: try Rate(p), scaling: scaling)
  }

  private func input(_ n: Int) -> Tensor {
    Tensor([n, 2, 4, 5]) { cells in for i in cells.indices { cells[i] = Float(i % 7) - 2.5 } }
  }

  private static let kinds: [any DropoutKind] = [
    ElementDropout(), SpatialDropout(), RowDropout(), ColumnDropout(), PathDropout(),
  ]

  @Test(arguments: [7, 9, 11, 12, 13, 17, 22], ["x", "r", "s"])
  func evaluationIsTheSameToTheLastBit(opset: Int, site: String) throws {
    let graph = try graph(opset: opset)
    let x = input(3)
    let before = try Network(graph).run(["x": .float32(x)])
    for kind in Self.kinds where kind is ElementDropout || opset >= 9 {
      let edited = try graph.adding([(site, try dropout(kind, 0.25))])
      let after = try Network(edited).run(["x": .float32(x)])
      for output in ["s", "r"] {
        #expect(edited.outputs == graph.outputs)
        #expect(after.tensor(output)?.elements == before.tensor(output)?.elements, "\(kind.name)")
      }
    }
  }

  @Test func trainingDropsWhatTheKindShares() throws {
    for kind in Self.kinds {
      let edited = try graph().adding([("r", try dropout(kind, 0.5))])
      let x = input(40)
      let clean = try #require(try Network(try graph()).run(["x": .float32(x)]).tensor("r"))
      let run = try Network(edited).run(
        ["x": .float32(x)],
        context: RunContext(mode: .train, stream: RandomStream(seed: 3)))
      let y = try #require(run.tensor("r"))
      let units = try kind.units(of: Layout(n: 40, c: 2, h: 4, w: 5))
      var fates: [Int: Set<Bool>] = [:]
      for i in 0..<y.count where clean[i] != 0 {
        #expect(y[i] == 0 || y[i] == clean[i] * 2, "\(kind.name)")
        let (n, c, h, w) = (i / 40, i / 20 % 2, i / 5 % 4, i % 5)
        let unit =
          (((units.n == 1 ? 0 : n) * units.c + (units.c == 1 ? 0 : c)) * units.h
            + (units.h == 1 ? 0 : h)) * units.w + (units.w == 1 ? 0 : w)
        fates[unit, default: []].insert(y[i] != 0)
      }
      // Cells of a unit share its fate, and both fates happen.
      #expect(fates.values.allSatisfy { $0.count == 1 }, "\(kind.name)")
      let kept = fates.values.count { $0 == [true] }
      let spread = 4 * (Double(fates.count) * 0.25).squareRoot()
      #expect(abs(Double(kept) - Double(fates.count) / 2) <= spread, "\(kind.name)")
      // Whoever reads the site reads it after the dropout.
      let s = try #require(run.tensor("s"))
      #expect((0..<s.count).allSatisfy { s[$0] == y[$0] + x[$0] })
    }
  }

  @Test func dropoutsOfAFileAreFoundAgainAndMoreCanBeAdded() throws {
    var edited = try graph().adding([("r", try dropout(ElementDropout(), 0.25))])
    #expect(Network(edited).writtenDropouts.map { $0.rate?.p } == [0.25])
    edited = try edited.adding([
      ("x", try dropout(ElementDropout(), 0.1)), ("s", try dropout(SpatialDropout(), 0.3)),
      ("r", try dropout(ElementDropout(), 0)),
    ])
    #expect(Set(Network(edited).writtenDropouts.compactMap { $0.rate?.p }) == [0.25, 0.1, 0.3])
    #expect(edited.outputs == ["s", "r"])
  }

  @Test func featuresShareNoRows() throws {
    let graph = try Graph(
      name: "g", inputs: [Graph.Input("x", dims: [nil, 6])], outputs: ["r"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["r"])])
    let edited = try graph.adding([("x", try dropout(SpatialDropout(), 0.5))])
    #expect(edited.nodes.map(\.opType).sorted() == ["Dropout", "Relu"])
  }

  @Test func whatONNXCannotSayIsRefused() throws {
    let graph = try graph()
    let refused: [(String, Dropout, String)] = [
      ("r", try dropout(GaussianDropout(), 0.5), "found gaussian"),
      ("r", try dropout(AlphaDropout(), 0.5), "found alpha"),
      ("r", try dropout(BlockDropout(BlockSize(3), rule: .exact), 0.5), "found block"),
      ("r", try dropout(ElementDropout(), 0.5, .weight), "found weight"),
      ("r", try dropout(ElementDropout(), 0.5, .none), "found none"),
      ("nowhere", try dropout(ElementDropout(), 0.5), "no value nowhere"),
    ]
    for (site, dropout, words) in refused {
      let error = #expect(throws: GraphError.self) { try graph.adding([(site, dropout)]) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      #expect(error?.description.contains("\n") == false)
    }
    #expect(throws: GraphError.self) {
      try self.graph(opset: 8).adding([("r", try self.dropout(SpatialDropout(), 0.5))])
    }
  }

  @Test func silencedNodesDoNothingInTraining() throws {
    let edited = try graph().adding([("r", try dropout(ElementDropout(), 0.5))])
    let own = try #require(Network(edited).writtenDropouts.first)
    let x = input(2)
    let training = RunContext(mode: .train, stream: RandomStream(seed: 1))
    let clean = try Network(edited).run(["x": .float32(x)])
    let acting = try Network(edited).run(["x": .float32(x)], context: training)
    let silent = try Network(try edited.edited { $0.disableDropout([own.output]) }).run(
      ["x": .float32(x)], context: training)
    #expect(acting.tensor("s")?.elements != clean.tensor("s")?.elements)
    #expect(silent.tensor("s")?.elements == clean.tensor("s")?.elements)
  }
}
