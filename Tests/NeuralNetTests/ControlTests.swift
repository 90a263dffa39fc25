import Masks
import NeuralNet
import TensorCore
import Testing

/// Operators that hold graphs: branches, turns, slices, and functions of the model's own.
@Suite struct ControlTests {
  private static let opsets = ["": 17]

  private static func numbers(_ values: [Float]) -> Value {
    .float32(Tensor([values.count], values))
  }

  private static func body(
    _ inputs: [Graph.Input], _ outputs: [String], _ nodes: [Node],
    _ constants: [String: Value] = [:]
  ) throws -> Body {
    try Body(inputs: inputs, outputs: outputs, constants: constants, nodes: nodes, opsets: opsets)
  }

  /// A network of one node that holds graphs, which may read x.
  private static func network(
    _ opType: String, inputs: [String], outputs: [String], _ attributes: [String: Attribute],
    reads: [String] = [], given: [Graph.Input], constants: [String: Value] = [:]
  ) throws -> Network {
    Network(
      try Graph(
        name: "control", inputs: given, outputs: outputs, constants: constants,
        nodes: [
          Node(opType, inputs: inputs, outputs: outputs, attributes: attributes, bodyReads: reads)
        ]))
  }

  private static func choice() throws -> Network {
    let double = try body([], ["a"], [Node("Add", inputs: ["x", "x"], outputs: ["a"])])
    let none = try body([], ["b"], [Node("Sub", inputs: ["x", "x"], outputs: ["b"])])
    return try network(
      "If", inputs: ["c"], outputs: ["y"],
      ["then_branch": .graph(double), "else_branch": .graph(none)], reads: ["x"],
      given: [.init("c", type: .bool, dims: []), .init("x", dims: [2])])
  }

  /// What is inside counts: of branches the one that costs more, unless it is known which is taken; each turn
  /// that is known of; a function within a function once.
  @Test func bodiesCostWhatIsInside() throws {
    let w = ["w": Value.float32(Tensor([2, 2], [1, 2, 3, 4]))]
    let product = Node("MatMul", inputs: ["a", "w"], outputs: ["b"])
    let twice = Node("MatMul", inputs: ["b", "w"], outputs: ["c"])
    let x = Graph.Input("x", dims: [3, 2])
    func cost(_ network: Network) throws -> Int { network.signature().multiplyAdds[0] }

    let (one, two) = (
      try Self.body([], ["b"], [product], w), try Self.body([], ["c"], [product, twice], w)
    )
    func choice(_ constants: [String: Value]) throws -> Network {
      try Self.network(
        "If", inputs: ["yes"], outputs: ["y"],
        ["then_branch": .graph(one), "else_branch": .graph(two)], reads: ["a"],
        given: [.init("a", dims: [3, 2])]
          + (constants.isEmpty ? [.init("yes", type: .bool, dims: [])] : []), constants: constants)
    }
    #expect(try cost(choice([:])) == 2 * 3 * 2 * 2)
    #expect(try cost(choice(["yes": .bool(NDArray([], [true]))])) == 3 * 2 * 2)

    let turn = try Self.body(
      [
        .init("n", type: .int64, dims: []), .init("go", type: .bool, dims: []),
        .init("a", dims: [3, 2]),
      ],
      ["go", "b"], [product], w)
    func turns(_ most: Value?) throws -> Network {
      try Self.network(
        "Loop", inputs: ["m", "", "x"], outputs: ["y"], ["body": .graph(turn)],
        given: [x] + (most == nil ? [.init("m", type: .int64, dims: [])] : []),
        constants: most.map { ["m": $0] } ?? [:])
    }
    #expect(try cost(turns(nil)) == 12)
    #expect(try cost(turns(.int64(NDArray([], [5])))) == 5 * 12)

    let slice = try Self.body([.init("a", dims: [1, 2])], ["b"], [product], w)
    let scan = try Self.network(
      "Scan", inputs: ["x"], outputs: ["y"], ["body": .graph(slice), "num_scan_inputs": .int(1)],
      given: [.init("x", dims: [7, 1, 2])])
    #expect(try cost(scan) == 7 * 4)

    var inner = Node("Inner", domain: "own", inputs: ["a"], outputs: ["c"])
    inner.function = try Self.body([.init("a", dims: [])], ["c"], [product, twice], w)
    var outer = Node("Outer", domain: "own", inputs: ["x"], outputs: ["y"])
    outer.function = try Self.body([.init("a", dims: [])], ["c"], [inner])
    let nested = try Graph(name: "nested", inputs: [x], outputs: ["y"], nodes: [outer])
    #expect(try cost(Network(nested)) == 24)
  }

  /// Scores doubled by a body are those of twice the scale; shares halved halve what is made.
  @Test func attentionGoesThroughBodies() throws {
    func run(_ attributes: [String: Attribute]) throws -> Tensor {
      let names = ["q", "k", "v"]
      let network = Network(
        try Graph(
          name: "flex", inputs: names.map { .init($0, dims: [1, nil, nil, nil]) }, outputs: ["y"],
          nodes: [
            Node(
              "FlexAttention", domain: "ai.onnx.preview", inputs: names, outputs: ["y"],
              attributes: attributes)
          ]))
      // Two query heads share one of keys and values.
      let shapes: [Shape] = [[1, 2, 3, 4], [1, 1, 5, 4], [1, 1, 5, 2]]
      let given = zip(names, shapes).map { name, shape in
        let stream = RandomStream(seed: 1, site: RandomStream.site(named: name))
        return (name, Value.float32(Tensor(shape) { stream.fillUniforms($0) }))
      }
      return try #require(
        network.run(Dictionary(uniqueKeysWithValues: given)).tensor("y"))
    }
    func times(_ factor: Float) throws -> Attribute {
      .graph(
        try Self.body(
          [.init("s", dims: [nil, nil, nil, nil])], ["t"],
          [Node("Mul", inputs: ["s", "f"], outputs: ["t"])],
          ["f": .float32(Tensor(scalar: factor))]))
    }
    let plain = try run([:])
    #expect(plain.shape == [1, 2, 3, 2])
    #expect(try run(["scale": .float(0.5)]) == plain)
    #expect(try run(["score_mod": times(2)]) == run(["scale": .float(1)]))
    let halved = try run(["prob_mod": times(0.5)])
    for (a, b) in zip(halved.elements, plain.elements) { #expect(abs(2 * a - b) < 1e-6) }
  }

  @Test func aConditionChoosesABranchThatReadsAroundIt() throws {
    let network = try Self.choice()
    for (condition, expected) in [(true, [2, 6] as [Float]), (false, [0, 0])] {
      let run = try network.run(["c": .bool(NDArray([], [condition])), "x": Self.numbers([1, 3])])
      #expect(run["y"] == Self.numbers(expected))
    }
    #expect(network.signature().values["y"]?.shape == [2])
  }

  /// What bodies read keeps its name in them when an edit gives it another around them.
  @Test func dropoutOnWhatABodyReads() throws {
    let graph = try Self.choice().graph
    let relu = Node("Relu", inputs: ["r"], outputs: ["x"])
    let whole = try Graph(
      name: "g", inputs: [graph.inputs[0], .init("r", dims: [2])], outputs: ["y"],
      nodes: [relu] + graph.nodes)
    let edited = try whole.adding([("x", Dropout(ElementDropout(), rate: try Rate(0.5)))])
    let inputs = ["c": Value.bool(NDArray([], [true])), "r": Self.numbers([1, 3])]
    #expect(try Network(edited).run(inputs)["y"] == Self.numbers([2, 6]))
    let placed = Placement(
      site: "x", dropout: Dropout(ElementDropout(), rate: try Rate(1)), seed: 1)
    let run = try Network(whole).run(
      inputs, placements: [placed], context: RunContext(mode: .train))
    #expect(run["y"] == Self.numbers([0, 0]))
  }

  /// v ← v·x, and the sums of v and the turn's number are stacked.
  private static func loop(_ condition: Node) throws -> Network {
    let turns = try body(
      [
        .init("i", type: .int64, dims: []), .init("go", type: .bool, dims: []),
        .init("v", dims: [2]),
      ], ["on", "next", "sum"],
      [
        condition, Node("Mul", inputs: ["v", "x"], outputs: ["next"]),
        Node("Cast", inputs: ["i"], outputs: ["number"], attributes: ["to": .int(1)]),
        Node("Add", inputs: ["v", "number"], outputs: ["sum"]),
      ], ["three": .int64(NDArray([], [3]))])
    return try network(
      "Loop", inputs: ["m", "", "x"], outputs: ["last", "all"], ["body": .graph(turns)],
      reads: ["x"], given: [.init("m", type: .int64, dims: []), .init("x", dims: [2])])
  }

  @Test(arguments: [0, 1, 3]) func turnsCarryAndStack(count: Int) throws {
    let network = try Self.loop(Node("Identity", inputs: ["go"], outputs: ["on"]))
    let run = try network.run([
      "m": .int64(NDArray([], [Int64(count)])), "x": Self.numbers([2, 3]),
    ])
    var (v, all) = ([2, 3] as [Float], [Float]())
    for turn in 0..<count {
      all += v.map { $0 + Float(turn) }
      v = [v[0] * 2, v[1] * 3]
    }
    #expect(run["last"] == Self.numbers(v))
    #expect(run["all"] == .float32(Tensor([count, 2], all)))
  }

  @Test func aConditionEndsTurnsWithoutNumber() throws {
    let network = try Self.loop(Node("Less", inputs: ["i", "three"], outputs: ["on"]))
    let run = try network.run([
      "m": .int64(NDArray([], [.max])), "x": Self.numbers([1, 1]),
    ])
    // The condition holds for another turn after turns 0, 1 and 2.
    #expect(run["all"]?.shape == [4, 2])
  }

  @Test func turnsWithoutEndAreRefused() throws {
    let network = try Self.loop(Node("Identity", inputs: ["go"], outputs: ["on"]))
    let error = try WorkBudget.$scopedLimit.withValue(10_000_000) {
      try #require(throws: GraphError.self) {
        try network.run(["m": .int64(NDArray([], [.max])), "x": Self.numbers([1, 1])])
      }
    }
    #expect(error.exceedsBudget || error.description.contains("work"), "\(error)")
  }

  /// Slices of axis 1 from the last to the first; results along axis −1 in that order again.
  @Test func slicesAreScannedBackwards() throws {
    let step = try Self.body(
      [.init("s", dims: [2]), .init("c", dims: [2])], ["next", "made"],
      [
        Node("Add", inputs: ["s", "c"], outputs: ["next"]),
        Node("Mul", inputs: ["next", "w"], outputs: ["made"]),
      ])
    let network = try Self.network(
      "Scan", inputs: ["s0", "x"], outputs: ["last", "all"],
      [
        "body": .graph(step), "num_scan_inputs": .int(1), "scan_input_axes": .ints([1]),
        "scan_input_directions": .ints([1]), "scan_output_axes": .ints([-1]),
        "scan_output_directions": .ints([1]),
      ], reads: ["w"], given: [.init("s0", dims: [2]), .init("x", dims: [2, 3])],
      constants: ["w": Self.numbers([1, 10])])
    let run = try network.run([
      "s0": Self.numbers([0, 0]), "x": .float32(Tensor([2, 3], [1, 2, 3, 4, 5, 6])),
    ])
    #expect(run["last"] == Self.numbers([6, 15]))
    #expect(run["all"] == .float32(Tensor([2, 3], [6, 5, 3, 150, 110, 60])))
    #expect(network.signature().values["all"]?.shape == [2, 3])
  }

  /// Dropout inside a body draws anew at each turn, and the same for the same seed.
  @Test func dropoutInABodyIsDrawnAtEachTurn() throws {
    let turns = try Self.body(
      [
        .init("i", type: .int64, dims: []), .init("go", type: .bool, dims: []),
        .init("v", dims: [64]),
      ], ["go", "v", "d"],
      [
        Node(
          "Dropout", inputs: ["v", "half", "yes"], outputs: ["d"])
      ], ["half": .float32(Tensor([], [0.5])), "yes": .bool(NDArray([], [true]))])
    let network = try Self.network(
      "Loop", inputs: ["two", "", "x"], outputs: ["v", "all"], ["body": .graph(turns)],
      given: [.init("x", dims: [64])], constants: ["two": .int64(NDArray([], [2]))])
    func run(_ seed: UInt64) throws -> [Float] {
      let context = RunContext(mode: .train, stream: RandomStream(seed: seed))
      let x = Value.float32(Tensor([64], repeating: 1))
      return try #require(try network.run(["x": x], context: context)["all"]?.tensor).elements
    }
    let made = try run(1)
    #expect(Set(made) == [0, 2] && made[..<64] != made[64...])
    #expect(try run(1) == made)
    #expect(try run(2) != made)
  }

  @Test func aFunctionIsItsNodes() throws {
    var call = Node("Twice", domain: "own", inputs: ["x"], outputs: ["y"])
    call.function = try Self.body(
      [.init("a", type: .unsupported, dims: [], hasShape: false)], ["b"],
      [Node("Add", inputs: ["a", "a"], outputs: ["b"])])
    let network = Network(
      try Graph(
        name: "f", inputs: [.init("x", dims: [2])], outputs: ["y"], nodes: [call],
        opsets: ["": 17, "own": 1]))
    #expect(try network.run(["x": Self.numbers([1, 3])])["y"] == Self.numbers([2, 6]))
    #expect(network.signature().values["y"]?.shape == [2])
  }
}
