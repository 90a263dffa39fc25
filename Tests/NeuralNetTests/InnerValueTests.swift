import Foundation
import Masks
import NeuralNet
import TensorCore
import Testing

/// Values inside nodes: outputs of their nodes more, and sites of dropout.
@Suite struct InnerValueTests {
  private static let opsets = ["": 17]

  /// h ← tanh(x + h·W), three times, then half of it.
  private static func loop() throws -> Graph {
    let body = try Body(
      inputs: [
        .init("i", type: .int64, dims: []), .init("c", type: .bool, dims: []),
        .init("h", dims: [2, 3]),
      ], outputs: ["go", "h2"],
      nodes: [
        Node(name: "sum", "Add", inputs: ["x", "h"], outputs: ["s"]),
        Node(name: "state", "Tanh", inputs: ["s"], outputs: ["h2"]),
        Node(name: "go", "Identity", inputs: ["c"], outputs: ["go"]),
      ], opsets: opsets)
    return try Graph(
      name: "loop", inputs: [.init("x", dims: [2, 3])], outputs: ["y"],
      constants: ["M": .int64(NDArray([], [3])), "half": .float32(Tensor(scalar: 0.5))],
      nodes: [
        Node(
          name: "loop", "Loop", inputs: ["M", "", "x"], outputs: ["l"],
          attributes: ["body": .graph(body)], bodyReads: ["x"]),
        Node(name: "half", "Mul", inputs: ["l", "half"], outputs: ["y"]),
      ])
  }

  private static let x = Tensor([2, 3], [0.5, -0.25, 1, 0, 2, -1])
  private static let inputs: [String: Value] = ["x": .float32(x)]

  private static func placement(
    _ site: String, _ kind: any DropoutKind = ElementDropout(), p: Double = 0.5, seed: UInt64 = 7
  ) -> Placement {
    Placement(site: site, dropout: Dropout(kind, rate: Rate(clamping: p)), seed: seed)
  }

  @Test func whatIsInsideIsStackedOverTurns() throws {
    let plain = Network(try Self.loop())
    let (graph, value) = try #require(try plain.graph.showing("loop/sum"))
    #expect(value == "loop/s")
    let network = Network(graph)
    let run = try network.run(Self.inputs)
    let inside = try #require(run.tensor("loop/s"))
    #expect(inside.shape == [3, 2, 3])
    // x + x, then x + tanh of that.
    let first = Self.x.map { $0 + $0 }
    #expect(Array(inside.elements.prefix(6)) == first.elements)
    for (index, x) in Self.x.elements.enumerated() {
      #expect(abs(inside[6 + index] - (x + tanhf(first[index]))) < 1e-6)
    }
    #expect(run.tensor("y") == (try plain.run(Self.inputs)).tensor("y"))
    #expect(try graph.showing("loop/s")?.graph.nodes == graph.nodes)
    #expect(
      try graph.showing("loop/h2")?.graph.nodes[0].shown.map(\.name) == ["loop/s", "loop/h2"])
    // What the body reads from around it, and what nobody makes.
    #expect(try graph.showing("loop/x") == nil)
    #expect(try graph.showing("half/y") == nil)
    #expect(try graph.showing("loop/") == nil)
    // Known shapes stay known.
    #expect(network.signature().values["l"]?.shape == [2, 3])
    #expect(
      network.layout(of: value, shape: inside.shape).axes.map(\.name) == [.time, .sample, .feature])
  }

  /// Each turn draws anew; the same key gives the same bits, whether the run starts from the inputs or from a
  /// clean one, and whether the plan was made for other numbers.
  @Test func dropoutActsAtEachTurn() throws {
    let network = Network(try #require(try Self.loop().showing("loop/s")).graph)
    let clean = try network.run(Self.inputs)
    let placement = Self.placement("loop/s")
    let run = try network.run(from: clean, wanted: ["loop/s", "y"], placements: [placement])
    let mask = try #require(run.masks["loop/s"])
    let after = try #require(run.tensor("loop/s"))
    #expect(mask.kept.shape == [3, 2, 3])
    let turns = (0..<3).map { turn in Array(mask.kept.elements[turn * 6..<turn * 6 + 6]) }
    #expect(Set(turns).count == 3)
    // The first turn reads nothing that was dropped before it.
    for index in 0..<6 {
      let before = try #require(clean.tensor("loop/s"))[index]
      #expect(after[index] == (mask.kept[index] ? 2 * before : 0))
    }
    // What was dropped in the last turn is 0 behind it.
    let y = try #require(run.tensor("y"))
    for index in 0..<6 { #expect(abs(y[index] - tanhf(after[12 + index]) / 2) < 1e-6) }

    let whole = try network.run(
      Self.inputs, wanted: ["loop/s", "y"], placements: [placement],
      context: RunContext(mode: .train))
    #expect(whole.masks["loop/s"] == mask)
    #expect(whole.tensor("y") == y)
    let other = Self.placement("loop/s", p: 0.25, seed: 9)
    let plan = try Plan(
      network, wanted: ["loop/s", "y"], placements: [other], from: clean,
      context: RunContext(mode: .train))
    #expect(try plan.run().masks["loop/s"] != mask)
    let again = try plan.replacing([placement], stream: RandomStream(seed: 0)).run()
    #expect(again.masks["loop/s"] == mask)
    #expect(again.tensor("y") == y)
    // At evaluation nothing is dropped.
    let eval = try network.run(
      from: clean, wanted: ["y"], placements: [placement], context: RunContext())
    #expect(eval.tensor("y") == clean.tensor("y"))
    // A step draws other numbers.
    let stepped = try Plan(
      network, wanted: ["loop/s"], placements: [placement], from: clean,
      context: RunContext(mode: .train)
    ).run(step: 1)
    #expect(stepped.masks["loop/s"] != mask)
  }

  /// Where times share a unit all turns have one mask: variational dropout.
  @Test func aKindThatSharesTimesHasOneMask() throws {
    let network = Network(try #require(try Self.loop().showing("loop/s")).graph)
    let clean = try network.run(Self.inputs)
    var masks: Set<[Bool]> = []
    for seed in 0..<4 as Range<UInt64> {
      let placement = Self.placement("loop/s", LockedDropout(), seed: seed)
      let run = try network.run(from: clean, wanted: ["loop/s"], placements: [placement])
      let mask = try #require(run.masks["loop/s"])
      let turns = (0..<3).map { turn in Array(mask.kept.elements[turn * 6..<turn * 6 + 6]) }
      #expect(Set(turns).count == 1)
      masks.insert(turns[0])
    }
    #expect(masks.count > 1)
    // Blocks would reach from one turn into the next.
    #expect(throws: GraphError.self) {
      try network.run(
        from: clean, wanted: ["loop/s"], placements: [Self.placement("loop/s", BlockDropout())])
    }
  }

  @Test func theBranchTakenIsThere() throws {
    func branch(_ opType: String) throws -> Body {
      try Body(
        inputs: [], outputs: ["b"],
        nodes: [
          Node(name: "act", opType, inputs: ["x"], outputs: ["a"]),
          Node(name: "neg", "Neg", inputs: ["a"], outputs: ["b"]),
        ], opsets: Self.opsets)
    }
    let graph = try Graph(
      name: "if", inputs: [.init("c", type: .bool, dims: []), .init("x", dims: [2, 3])],
      outputs: ["y"],
      nodes: [
        Node(
          name: "choice", "If", inputs: ["c"], outputs: ["y"],
          attributes: [
            "then_branch": .graph(try branch("Relu")), "else_branch": .graph(try branch("Abs")),
          ], bodyReads: ["x"])
      ])
    #expect(try graph.showing("choice/act") == nil)
    var shown = try #require(try graph.showing("choice/then_branch/act")).graph
    shown = try #require(try shown.showing("choice/else_branch/a")).graph
    let network = Network(shown)
    #expect(shown.nodes[0].outputs == ["y", "choice/else_branch/a", "choice/then_branch/a"])
    #expect(network.signature().values["choice/else_branch/a"]?.shape == [2, 3])
    let placements = ["choice/then_branch/a", "choice/else_branch/a"].map { Self.placement($0) }
    for isTrue in [true, false] {
      let inputs = Self.inputs.merging(["c": .bool(NDArray([], [isTrue]))]) { $1 }
      let clean = try network.run(inputs)
      let (taken, other) = isTrue ? ("then", "else") : ("else", "then")
      #expect(
        clean.tensor("choice/\(taken)_branch/a") == Self.x.map { isTrue ? max(0, $0) : abs($0) })
      #expect(clean.tensor("choice/\(other)_branch/a") == nil)
      let run = try network.run(from: clean, placements: placements)
      #expect(run.masks.keys.sorted() == ["choice/\(taken)_branch/a"])
      #expect(run.tensor("y") == run.tensor("choice/\(taken)_branch/a")?.map { -$0 })
    }
  }

  /// A function in a function, and a Loop in a Loop: turns of both are axes.
  @Test func placesNest() throws {
    func turns(_ nodes: [Node]) throws -> Body {
      try Body(
        inputs: [
          .init("i", type: .int64, dims: []), .init("c", type: .bool, dims: []),
          .init("h", dims: [2, 3]),
        ], outputs: ["c", "h2"], nodes: nodes, opsets: Self.opsets)
    }
    let inner = try turns([Node(name: "act", "Tanh", inputs: ["h"], outputs: ["h2"])])
    let outer = try turns(
      [
        Node(
          name: "inner", "Loop", inputs: ["two", "", "h"], outputs: ["h2"],
          attributes: ["body": .graph(inner)])
      ])
    let graph = try Graph(
      name: "nested", inputs: [.init("x", dims: [2, 3])], outputs: ["y"],
      constants: ["two": .int64(NDArray([], [2])), "three": .int64(NDArray([], [3]))],
      nodes: [
        Node(
          name: "outer", "Loop", inputs: ["three", "", "x"], outputs: ["y"],
          attributes: ["body": .graph(outer)], bodyReads: ["two"])
      ])
    let (shown, value) = try #require(try graph.showing("outer/inner/act"))
    #expect(value == "outer/inner/h2")
    let network = Network(shown)
    let clean = try network.run(Self.inputs)
    #expect(clean.tensor(value)?.shape == [3, 2, 2, 3])
    let run = try network.run(from: clean, placements: [Self.placement(value)])
    let mask = try #require(run.masks[value])
    let parts = (0..<6).map { Array(mask.kept.elements[$0 * 6..<$0 * 6 + 6]) }
    #expect(Set(parts).count == 6)
    #expect(Array(try #require(run.tensor(value)).elements.suffix(6)) == run.tensor("y")?.elements)
  }

  /// What a value inside can be, and what cannot act there.
  @Test func rowsAndRefusals() throws {
    let (graph, value) = try #require(try Self.loop().showing("loop/s"))
    let network = Network(graph)
    let run = try network.run(Self.inputs)
    let row = try #require(network.rows(network.signature(), activations: run).last)
    #expect(row.value == value && row.isInside && row.canTakeDropout)
    #expect(row.opType == "Add" && row.shape == [3, 2, 3] && row.parameters == 0)
    #expect(throws: GraphError.self) {
      try network.run(from: run, placements: [Self.placement(value, WeightDropout())])
    }
    // What lies below is the node and what reads it.
    #expect(try network.cost(of: [value: .activation], in: network.signature()).nodes == [0, 1])
  }

  /// An edit puts a Dropout node into the body.
  @Test func editsPutNodesInside() throws {
    let (graph, value) = try #require(try Self.loop().showing("loop/s"))
    let edited = try graph.edited { edit throws(GraphError) in
      try edit.add(Dropout(ElementDropout(), rate: Rate(clamping: 0.5)), at: value)
    }
    let body = try #require(edited.nodes[0].attributes["body"]?.body)
    #expect(edited.nodes[0].shown.isEmpty && edited.nodes[0].outputs == ["l"])
    #expect(body.graph.nodes.map(\.opType) == ["Add", "Dropout", "Tanh", "Identity"])
    let (before, after) = (Network(try Self.loop()), Network(edited))
    #expect(try after.run(Self.inputs).tensor("y") == before.run(Self.inputs).tensor("y"))
    let training = RunContext(mode: .train, stream: RandomStream(seed: 3))
    #expect(
      try after.run(Self.inputs, context: training).tensor("y")
        != before.run(Self.inputs, context: training).tensor("y"))
    #expect(throws: GraphError.self) {
      try graph.edited { edit throws(GraphError) in
        let dropout = Dropout(ElementDropout(), rate: Rate(clamping: 0.5))
        try edit.add(dropout, at: value)
        try edit.add(dropout, at: value)
      }
    }
  }
}
