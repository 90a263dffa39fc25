import Masks
import NeuralNet
import TensorCore
import Testing

/// x → a = relu(x) → b = a + a → c = b·2 ─┬→ y = c + d
///                     └→ d = sigmoid(b) ─┘
struct NetworkTests {
  let network: Network
  let x = Value.float32(NDArray([1, 2, 3, 3], (0..<18).map { Float($0) - 4 }))

  init() throws {
    network = Network(
      try Graph(
        name: "diamond", inputs: [.init("x", dims: [nil, 2, 3, 3])], outputs: ["y"],
        constants: ["two": .float32(NDArray(scalar: 2))],
        nodes: [
          Node("Add", inputs: ["c", "d"], outputs: ["y"]),
          Node("Relu", inputs: ["x"], outputs: ["a"]),
          Node("Add", inputs: ["a", "a"], outputs: ["b"]),
          Node("Mul", inputs: ["b", "two"], outputs: ["c"]),
          Node("Sigmoid", inputs: ["b"], outputs: ["d"]),
        ]))
  }

  func placement(_ site: String, _ rate: Double = 0.5, seed: UInt64 = 7) throws -> Placement {
    Placement(site: site, dropout: Dropout(ElementDropout(), rate: try Rate(rate)), seed: seed)
  }

  /// What each value must be, from the values it is made of.
  func expected(_ run: Activations) throws -> (
    a: Tensor, b: Tensor, c: Tensor, d: Tensor, y: Tensor
  ) {
    let tensors = try ["x", "a", "b", "c", "d"].map { try #require(run.tensor($0)) }
    let y = zip(tensors[3].elements, tensors[4].elements).map { $0 + $1 }
    return (
      tensors[0].map { max($0, 0) }, tensors[1].map { $0 + $0 }, tensors[2].map { $0 * 2 },
      tensors[2].map { Sigmoid.apply($0) }, Tensor(tensors[0].shape, y)
    )
  }

  func dropped(_ clean: Tensor, _ run: Activations, _ site: String) throws -> Tensor {
    let mask = try #require(run.masks[site])
    return Dropout(ElementDropout(), rate: Rate(clamping: 0.5)).apply(clean, mask: mask)
  }

  @Test func everyValueIsAtHand() throws {
    let run = try network.run(["x": x])
    let expected = try expected(run)
    #expect(run.tensor("a") == expected.a)
    #expect(run.tensor("b") == expected.b)
    #expect(run.tensor("c") == expected.c)
    // A cell's sigmoid is the library's, an array's the kernel's: both within some ulp.
    let d = try #require(run.tensor("d"))
    #expect(difference(.float32(d), .float32(expected.d), tolerance: 1e-6) == nil)
    #expect(run.tensor("y") == expected.y)
    #expect(run.computed.count == 5)
    #expect(run.masks.isEmpty)
  }

  @Test func wantedComputesOnlyWhatItNeeds() throws {
    let run = try network.run(["x": x], wanted: ["c"])
    #expect(run.computed.count == 3)
    #expect(run.tensor("d") == nil)
    #expect(run.tensor("y") == nil)
    #expect(try network.run(["x": x], wanted: []).computed.count == 0)
    #expect(try network.run(["x": x], wanted: ["x", "two"]).computed.count == 0)
    #expect(throws: GraphError("no value q in the graph")) {
      try network.run(["x": x], wanted: ["q"])
    }
  }

  @Test("a rerun computes only what lies below the site, and equals a run from scratch")
  func rerun() throws {
    let clean = try network.run(["x": x])
    let context = RunContext(mode: .train)
    for (site, below) in [("x", 5), ("a", 4), ("b", 3), ("c", 1), ("d", 1), ("y", 0)] {
      let placement = try placement(site)
      let run = try network.run(from: clean, placements: [placement])
      #expect(run.computed.count == below, "\(site)")
      let scratch = try network.run(["x": x], placements: [placement], context: context)
      #expect(run.values == scratch.values, "\(site)")
      #expect(run.masks == scratch.masks)
      #expect(run.masks[site]?.dropped ?? 0 > 0)
    }
    #expect(try network.run(from: clean, placements: []).computed.count == 0)
    #expect(try network.run(from: clean, placements: []).values == clean.values)
  }

  @Test("every reader of a site sees it after the dropout")
  func severalReaders() throws {
    let clean = try network.run(["x": x])
    let run = try network.run(from: clean, placements: [placement("b")])
    let b = try #require(clean.tensor("b"))
    #expect(run.tensor("b") == (try dropped(b, run, "b")))
    #expect(run.tensor("b") != b)
    let expected = try expected(run)
    #expect(run.tensor("c") == expected.c)
    // A cell's sigmoid is the library's, an array's the kernel's: both within some ulp.
    let d = try #require(run.tensor("d"))
    #expect(difference(.float32(d), .float32(expected.d), tolerance: 1e-6) == nil)
    #expect(run.tensor("y") == expected.y)
    #expect(run.tensor("a") == clean.tensor("a"))
  }

  @Test("sites below one another: the lower one acts on what the upper one left")
  func nestedSites() throws {
    let clean = try network.run(["x": x])
    let placements = [try placement("c", seed: 3), try placement("x", seed: 4)]
    let run = try network.run(from: clean, placements: placements)
    #expect(run.computed.count == 5)
    #expect(run.tensor("x") == (try dropped(try #require(clean.tensor("x")), run, "x")))
    let expected = try expected(run)
    #expect(run.tensor("a") == expected.a)
    #expect(run.tensor("c") == (try dropped(expected.c, run, "c")))
    #expect(run.tensor("y") == expected.y)
    let scratch = try network.run(
      ["x": x], placements: placements.reversed(), context: RunContext(mode: .train))
    #expect(run.values == scratch.values)
  }

  @Test("a rerun fills in what a partial run left out, and drops what it does not recompute")
  func rerunFromPartialRun() throws {
    let partial = try network.run(["x": x], wanted: ["b"])
    for site in ["a", "c", "d"] {
      let placements = [try placement(site)]
      let run = try network.run(from: partial, placements: placements)
      let full = try network.run(
        ["x": x], placements: placements, context: RunContext(mode: .train))
      #expect(run.values == full.values, "\(site)")
    }

    let clean = try network.run(["x": x])
    let narrow = try network.run(from: clean, wanted: ["c"], placements: [placement("a")])
    #expect(narrow.computed.count == 2)
    let both = try network.run(from: clean, wanted: ["b", "c"], placements: [placement("a")])
    #expect(narrow.tensor("c") == both.tensor("b")?.map { $0 * 2 })
    #expect(narrow.tensor("c") == both.tensor("c"))
    #expect(narrow.tensor("c") != clean.tensor("c"))
    #expect(narrow.tensor("b") == nil, "computed on the way, and let go")
    #expect(narrow.tensor("y") == nil)
  }

  @Test func atEvaluationAPlacementIsTheIdentity() throws {
    let clean = try network.run(["x": x])
    let run = try network.run(
      from: clean, placements: [placement("a")], context: RunContext(mode: .eval))
    #expect(run.values == clean.values)
  }

  @Test func sitesThatAreNone() throws {
    let clean = try network.run(["x": x])
    for site in ["q", "two", ""] {
      #expect(throws: GraphError("no value \(site) to put dropout on")) {
        try network.run(["x": x], placements: [placement(site)])
      }
      #expect(throws: GraphError("no value \(site) to put dropout on")) {
        try network.run(from: clean, placements: [placement(site)])
      }
    }
    #expect(throws: GraphError("two dropouts at a")) {
      try network.run(from: clean, placements: [placement("a"), placement("a", 0.1)])
    }
  }

  @Test func inputsThatDoNotFit() throws {
    #expect(throws: GraphError("input x of shape [?,2,3,3] is missing")) { try network.run([:]) }
    let flat = Value.float32(NDArray([18], repeating: 0))
    #expect(
      throws: GraphError("input x: expected float32 [?,2,3,3], found float32 [18]")
    ) { try network.run(["x": flat]) }
    let whole = Value.int64(NDArray([1, 2, 3, 3], repeating: 0))
    #expect(
      throws: GraphError("input x: expected float32 [?,2,3,3], found int64 [1,2,3,3]")
    ) { try network.run(["x": whole]) }
    let batch = Value.float32(NDArray([4, 2, 3, 3], repeating: 1))
    #expect(try network.run(["x": batch]).tensor("y")?.shape == [4, 2, 3, 3])
  }

  @Test("an operator that is missing stops a run only where it is needed")
  func missingOperator() throws {
    let network = Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [2])], outputs: ["z"],
        nodes: [
          Node("Relu", inputs: ["x"], outputs: ["y"]),
          Node(name: "odd", "DeformConv", inputs: ["y"], outputs: ["z"]),
          Node(name: "odder", "Mish", domain: "com.example", inputs: ["y"], outputs: ["w"]),
        ], opsets: ["": 18, "com.example": 3]))
    let x = ["x": Value.float32(NDArray([2], [-1, 1]))]
    #expect(try network.run(x, wanted: ["y"]).tensor("y")?.elements == [0, 1])
    #expect(throws: GraphError(node: "odd", "operator DeformConv (opset 18) is not supported")) {
      try network.run(x)
    }
    #expect(
      throws: GraphError(node: "odder", "operator com.example.Mish (opset 3) is not supported")
    ) { try network.run(x, wanted: ["w"]) }
    let signature = network.signature()
    #expect(signature.values["y"]?.shape == [2])
    #expect(signature.values["z"] == nil)
    #expect(signature.errors.map(\.node) == ["odd", "odder"])
  }

  /// What hands on its input, and has none, in a body as well: found by the fuzzer.
  @Test(arguments: ["Identity", "Dropout"]) func nothingToHandOnSaysSo(opType: String) throws {
    for inputs in [[], [""]] {
      let node = Node(name: "n", opType, inputs: inputs, outputs: ["y"])
      let graph = try Graph(
        name: "g", inputs: [.init("x", dims: [2])], outputs: ["y"], nodes: [node])
      let x = ["x": Value.float32(NDArray([2], [1, 2]))]
      let error = #expect(throws: GraphError.self) { try Network(graph).run(x) }
      #expect(error?.node == "n")
      let body = try Body(inputs: [], outputs: ["y"], nodes: [node], opsets: ["": 17])
      let outer = try Graph(
        name: "g", inputs: [.init("c", type: .bool, dims: [])], outputs: ["z"],
        nodes: [
          Node(
            "If", inputs: ["c"], outputs: ["z"],
            attributes: ["then_branch": .graph(body), "else_branch": .graph(body)])
        ])
      #expect(throws: GraphError.self) {
        try Network(outer).run(["c": .bool(NDArray([], [true]))])
      }
    }
  }

  @Test func errorsNameTheNode() throws {
    let network = Network(
      try Graph(
        name: "g", inputs: [.init("x", dims: [2])], outputs: [],
        nodes: [
          Node(name: "twice", "Relu", inputs: ["x"], outputs: ["y", "z"]),
          Node(name: "late", "Add", inputs: ["x", "z"], outputs: ["w"]),
        ]))
    let error = GraphError(node: "twice", "Relu makes 1 outputs, z is not among them")
    #expect(throws: error) { try network.run(["x": .float32(NDArray([2], [1, 2]))]) }
    #expect(network.signature().errors.first == error)
  }
}
