import Masks
import TensorCore
import Testing

@testable import NeuralNet

/// One edit of a graph: what it names changes, all else stays.
struct GraphEditTests {
  /// Where a graph was read from.
  private struct File: ModelDocument {
    let namesInBodies: Set<String> = ["t_dropout"]
  }

  /// x [N,3,4,5] → Relu r → Sigmoid s → Tanh t, where an If reads `body` too.
  private func graph(
    outputs: [String] = ["t"], body: [String] = [], opset: Int = 17, document: Bool = true,
    type: ElementType = .float32
  ) throws -> Graph {
    var nodes = [
      Node("Relu", inputs: ["x"], outputs: ["r"], origin: 0),
      Node("Sigmoid", inputs: ["r"], outputs: ["s"], origin: 1),
      Node("Tanh", inputs: ["s"], outputs: ["t"], origin: 2),
    ]
    if !body.isEmpty {
      nodes.append(
        Node("If", inputs: ["k"], outputs: ["i"], bodyReads: body, origin: document ? 3 : nil))
    }
    return try Graph(
      name: "g",
      inputs: [.init("x", type: type, dims: [nil, 3, 4, 5], dimNames: ["batch", nil, nil, nil])],
      outputs: outputs + (body.isEmpty ? [] : ["i"]),
      constants: body.isEmpty ? [:] : ["k": .bool(NDArray(scalar: true))], nodes: nodes,
      opsets: ["": opset, "org.example": 3], metadata: ["a": "b"],
      axisNames: ["r": [Axis(.sample), Axis(.channel), Axis(.row), Axis(.column)]],
      document: document ? File() : nil, operators: .standard)
  }

  private let kinds: [any DropoutKind] = [ElementDropout(), SpatialDropout(), PathDropout()]

  private func dropout(
    _ kind: any DropoutKind = ElementDropout(), _ rate: Double = 0.25
  ) -> Dropout { Dropout(kind, rate: Rate(clamping: rate)) }

  /// A graph without the order of its nodes.
  private func parts(_ graph: Graph) -> [String] {
    graph.nodes.map { "\($0.name) \($0.opType) \($0.inputs) \($0.outputs) \($0.bodyReads)" }
      .sorted() + graph.constants.keys.sorted() + graph.inputs.map(\.name) + graph.outputs
  }

  @Test("added and taken away again: the graph it was", arguments: [["t"], ["t", "s"], ["s"]])
  func thereAndBack(outputs: [String]) throws {
    for body in [[], ["s"], ["r", "s"]] as [[String]] {
      let graph = try graph(outputs: outputs, body: body)
      for kind in kinds {
        for site in ["x", "r", "s", "t"] {
          let added = try graph.adding([(site, dropout(kind))])
          #expect(parts(added) != parts(graph))
          let own = try #require(Network(added).writtenDropouts.first)
          #expect(own.rate?.p == 0.25)
          let back = try added.edited { $0.removeDropout([own.output]) }
          #expect(parts(back) == parts(graph), "\(kind.name) at \(site) of \(outputs), \(body)")
          #expect(back.nodes.map(\.origin) == graph.nodes.map(\.origin))
        }
      }
    }
  }

  @Test("a value that bodies or others ask for keeps its name, any other its maker")
  func names() throws {
    for (outputs, body, isFixed) in [
      (["t"], [], false), (["t", "s"], [], true), (["t"], ["s"], true),
    ] as [([String], [String], Bool)] {
      let edited = try graph(outputs: outputs, body: body).adding([("s", dropout())])
      let node = try #require(edited.nodes.first { $0.opType == "Dropout" })
      #expect(node.name == "s_dropout")
      #expect(node.inputs[0] == (isFixed ? "s_clean" : "s"))
      #expect(node.outputs == [isFixed ? "s" : "s_dropout"])
      #expect(edited.producer(of: "t")?.inputs == [isFixed ? "s" : "s_dropout"])
      #expect(edited.outputs == outputs + (body.isEmpty ? [] : ["i"]))
      // What reads a value in a body reads it after the dropout.
      let reads = edited.nodes.flatMap(\.bodyReads)
      #expect(reads == body)
    }
  }

  @Test("an input that a body reads is renamed there where a file holds the body, else refused")
  func inputsInBodies() throws {
    let edited = try graph(body: ["x"]).adding([("x", dropout())])
    #expect(edited.nodes.last { $0.opType == "If" }?.bodyReads == ["x_dropout"])
    let error = #expect(throws: GraphError.self) {
      try self.graph(body: ["x"], document: false).adding([("x", self.dropout())])
    }
    #expect(
      error?.description
        == "node i: dropout at x cannot be saved: a body reads it by its name, and no node makes it"
    )
  }

  @Test("file, axes, texts and operator sets stay; old nodes say where they are from")
  func allElse() throws {
    var edit = GraphEdit(try graph())
    try edit.add(dropout(SpatialDropout()), at: "r")
    edit.openBatch()
    let edited = try edit.graph()
    #expect(edited.document is File)
    #expect(edited.metadata == ["a": "b"])
    #expect(edited.opsets == ["": 17, "org.example": 3])
    #expect(edited.axisNames["r"]?.text == "[N,C,H,W]")
    #expect(edited.inputs == (try graph().inputs))
    let (old, new) = (
      edited.nodes.filter { $0.origin != nil }, edited.nodes.filter { $0.origin == nil }
    )
    #expect(old.map(\.origin) == [0, 1, 2])
    #expect(new.map(\.opType) == ["Shape", "Where", "ConstantOfShape", "Dropout", "Mul"])
    // A clean value under another name keeps its axes.
    let clean = try graph(outputs: ["r"]).adding([("r", dropout())])
    #expect(clean.axisNames["r_clean"]?.text == "[N,C,H,W]")
  }

  @Test("no name is taken that a body makes, nor dropout put on what is known to be no float")
  func namesInBodies() throws {
    let edited = try graph(outputs: ["s"]).adding([("t", dropout())])
    #expect(edited.nodes.last?.outputs == ["t_dropout2"])
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: ["b", "l", "p"],
      nodes: [
        Node("Greater", inputs: ["x", "x"], outputs: ["b"]),
        Node("LinearClassifier", domain: "ai.onnx.ml", inputs: ["x"], outputs: ["l", "p"]),
      ], opsets: ["": 17, "ai.onnx.ml": 3])
    for site in ["b", "l"] {
      #expect(throws: GraphError("\(site) holds no floats to put dropout on")) {
        try graph.adding([(site, self.dropout())])
      }
    }
    #expect(try graph.adding([("p", dropout())]).producer(of: "p")?.opType == "Dropout")
  }

  @Test("one size of one sample is left open, and no other")
  func batch() throws {
    let graph = try Graph(
      name: "g",
      inputs: [
        .init("a", dims: [1, 3], dimNames: ["n", nil]), .init("b", dims: [2, 3]),
        .init("c", dims: [1]),
      ], outputs: ["y"], nodes: [Node("Relu", inputs: ["a"], outputs: ["y"])])
    let open = try graph.edited { $0.openBatch() }
    #expect(open.inputs.map(\.dims) == [[nil, 3], [2, 3], [1]])
    #expect(open.inputs[0].dimNames == ["n", nil])
  }

  @Test("floats of other types: noise of their own type, a ratio in float32, the same bits")
  func elementTypes() throws {
    let numbers = Tensor([6, 3, 4, 5], (0..<360).map { Float($0 % 19) - 7.25 })
    for type in [ElementType.float16, .float64, .bfloat16] {
      let graph = try graph(opset: type == .bfloat16 ? 20 : 17, type: type)
      let input = ["x": try Value(.float32(numbers), as: type)]
      let before = try Network(graph).run(input)
      for kind in kinds {
        let edited = try graph.adding([("r", dropout(kind))])
        let ratio = try #require(edited.constants["r_dropout.ratio"])
        #expect(ratio == .float32(Tensor(scalar: 0.25)))
        let run = try Network(edited).run(input)
        #expect(run.values["t"] == before.values["t"])
        let trained = try Network(edited).run(
          input, context: RunContext(mode: .train, stream: RandomStream(seed: 3)))
        let own = try #require(Network(edited).writtenDropouts.first)
        #expect(trained.values[own.result]?.type == type)
        #expect(trained.values[own.result] != run.values[own.result])
        guard own.form == .noise else { continue }
        #expect(trained.values["r_ones"]?.type == type)
        #expect(trained.values["r_noise"]?.type == type)
      }
    }
    #expect(
      throws: GraphError(
        "spatial dropout at r cannot be saved: expected opset 20 or later, found 17")
    ) { try self.graph(type: .bfloat16).adding([("r", self.dropout(SpatialDropout()))]) }
  }

  @Test("behind operators that are not known elements can be dropped, nothing that shares")
  func unknownOperators() throws {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: ["y"],
      nodes: [
        Node("Mystery", domain: "org.example", inputs: ["x"], outputs: ["m"]),
        Node("Mystery", domain: "org.example", inputs: ["m"], outputs: ["y"]),
      ], opsets: ["": 17, "org.example": 1])
    let edited = try graph.adding([("m", dropout())])
    #expect(edited.nodes.map(\.opType) == ["Mystery", "Dropout", "Mystery"])
    let error = #expect(throws: GraphError.self) {
      try graph.adding([("m", self.dropout(PathDropout()))])
    }
    #expect(error?.description == "path dropout at m cannot be saved: the shape of m is not known")
  }

  @Test("a rate at the graph's output acts before the output")
  func rateAtTheOutput() throws {
    let edited = try graph().setting(try Rate(0.5), at: "t")
    #expect(edited.outputs == ["t"])
    #expect(edited.producer(of: "t")?.opType == "Dropout")
    #expect(edited.producer(of: "t")?.inputs.first == "t_clean")
  }

  @Test(
    "a ratio changes in place where it is one node's own, and in its type; else it gets another")
  func ratios() throws {
    func graph(_ nodes: [Node]) throws -> Graph {
      try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: ["y"],
        constants: ["p": try Value(.float32(Tensor(scalar: 0.5)), as: .float16)], nodes: nodes)
    }
    let one = try graph([Node("Dropout", inputs: ["x", "p"], outputs: ["y"])])
    let changed = try one.setting(try Rate(0.25), at: "y")
    #expect(changed.constants.keys.sorted() == ["p"])
    #expect(changed.constants["p"]?.type == .float16)
    #expect(Network(changed).writtenDropouts.map { $0.rate?.p } == [0.25])
    let two = try graph([
      Node("Dropout", inputs: ["x", "p"], outputs: ["d"]),
      Node("Relu", inputs: ["d"], outputs: ["r"]),
      Node("Dropout", inputs: ["r", "p"], outputs: ["y"]),
    ]).setting(try Rate(0.25), at: "d")
    #expect(Network(two).writtenDropouts.map { $0.rate?.p } == [0.25, 0.5])
    #expect(two.constants.keys.sorted() == ["d.ratio", "p"])
    let made = try graph([
      Node("Constant", inputs: [], outputs: ["c"], attributes: ["value_float": .float(0.5)]),
      Node("Dropout", inputs: ["x", "c"], outputs: ["y"]),
    ]).setting(try Rate(0.25), at: "y")
    #expect(made.nodes.map(\.opType) == ["Dropout"])
    #expect(Network(made).writtenDropouts.map { $0.rate?.p } == [0.25])
  }

  @Test("a mask that is read keeps its node, which then drops nothing")
  func wantedMask() throws {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: ["y", "m"],
      constants: ["p": .float32(Tensor(scalar: 0.5))],
      nodes: [Node("Dropout", inputs: ["x", "p"], outputs: ["y", "m"])])
    for edited in [
      try graph.edited { $0.removeDropout(["y"]) }, try graph.edited { $0.disableDropout() },
    ] {
      let run = try Network(edited).run(
        ["x": .float32(Tensor([4, 3], repeating: 1))], context: RunContext(mode: .train))
      #expect(run.tensor("y")?.elements == [Float](repeating: 1, count: 12))
      #expect(run.values["m"] == .bool(NDArray([4, 3], repeating: true)))
    }
  }

  @Test("another kind in the place of a Dropout node, under its name")
  func replaced() throws {
    let graph = try graph().edited { edit throws(GraphError) in
      try edit.add(self.dropout(), at: "r", named: "drop")
    }
    let own = try #require(Network(graph).writtenDropouts.first)
    let spatial = try graph.edited { edit throws(GraphError) in
      try edit.replaceDropout(own.output, by: self.dropout(SpatialDropout(), 0.5))
    }
    let now = try #require(Network(spatial).writtenDropouts.first)
    #expect(now.node == own.node && now.form == .noise && now.rate?.p == 0.5)
    #expect(now.site == "r" && now.result == own.result)
    #expect(now.sharedAxes == [false, false, true, true])
    #expect(spatial.constants.keys.sorted() == ["drop.one", "drop.ratio", "drop.shared"])
    // And back.
    let element = try spatial.edited { edit throws(GraphError) in
      try edit.replaceDropout(now.output, by: self.dropout(ElementDropout(), 0.25))
    }
    #expect(parts(element) == parts(graph))
  }

  @Test("what is taken away and what is put in its place go together")
  func together() throws {
    let graph = try graph().adding([("r", dropout())])
    let own = try #require(Network(graph).writtenDropouts.first)
    var edit = GraphEdit(graph)
    try edit.add(dropout(SpatialDropout(), 0.5), at: own.output)
    try edit.add(dropout(PathDropout(), 0.1), at: "r")
    edit.removeDropout([own.output])
    let dropouts = Network(try edit.graph()).writtenDropouts
    #expect(dropouts.map { $0.rate?.p } == [0.1, 0.5])
    #expect(dropouts[0].site == "r" && dropouts[1].site == dropouts[0].result)
  }

  @Test("one bool switches every Dropout node")
  func trainingInput() throws {
    var edit = GraphEdit(try graph())
    try edit.add(dropout(), at: "r")
    try edit.add(dropout(SpatialDropout()), at: "s")
    try edit.addTrainingInput("training")
    let edited = try edit.graph()
    #expect(edited.inputs.map(\.name) == ["x", "training"])
    #expect(edited.inputs[1] == Graph.Input("training", type: .bool, dims: []))
    let own = Network(edited).writtenDropouts
    #expect(own.map(\.activity) == [.given("training"), .given("training")])
    let x = Value.float32(Tensor([8, 3, 4, 5], repeating: 1))
    func output(_ acts: Bool, _ mode: Mode) throws -> Value? {
      try Network(edited).run(
        ["x": x, "training": .bool(NDArray(scalar: acts))], context: RunContext(mode: mode)
      ).values["t"]
    }
    let clean = try Network(try graph()).run(["x": x]).values["t"]
    #expect(try output(false, .eval) == clean && output(false, .train) == clean)
    #expect(try output(true, .eval) != clean)
    #expect(try output(true, .eval) == output(true, .train))

    // A node that was told something else obeys the new input.
    let told = try Graph(
      name: "g", inputs: [.init("x", dims: [3])], outputs: ["y"],
      constants: ["on": .bool(NDArray(scalar: true))],
      nodes: [Node("Dropout", inputs: ["x", "", "on"], outputs: ["y"])])
    let switched = try told.edited { edit throws(GraphError) in
      try edit.addTrainingInput("t")
    }
    #expect(switched.nodes[0].inputs == ["x", "", "t"] && switched.constants.isEmpty)
  }

  @Test func trainingInputsThatCannotBe() throws {
    let graph = try graph().adding([("r", dropout())])
    func refused(_ name: String, in graph: Graph) throws -> String {
      let error = #expect(throws: GraphError.self) {
        try graph.edited { edit throws(GraphError) in try edit.addTrainingInput(name) }
      }
      return error?.description ?? ""
    }
    #expect(try refused("s", in: graph) == "training input: expected a name that is free, found s")
    #expect(
      try refused("t2", in: self.graph())
        == "training input t2: expected a Dropout node to feed it to, found none")
    #expect(
      try refused("t2", in: self.graph(opset: 11).adding([("r", dropout())]))
        == "training input t2: expected opset 12 or later, whose Dropout takes one, found 11")
  }

  @Test("readers are scaled by their weights where those are theirs alone, else by a Mul")
  func scaledReaders() throws {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 2])], outputs: ["y", "z"],
      constants: ["w": try Value(.float32(Tensor([2, 2], [1, 2, 3, 4])), as: .float16)],
      nodes: [
        Node("Relu", inputs: ["x"], outputs: ["r"]),
        Node("MatMul", inputs: ["r", "w"], outputs: ["y"]),
        Node("Tanh", inputs: ["y"], outputs: ["z"]),
      ])
    let weights = try graph.edited { edit throws(GraphError) in
      try edit.scaleReaders(of: "r", by: 0.5)
    }
    #expect(weights.nodes == graph.nodes)
    #expect(weights.constants["w"]?.type == .float16)
    #expect(weights.constants["w"]?.tensor?.elements == [0.5, 1, 1.5, 2])
    // An output is a reader too.
    let output = try graph.edited { edit throws(GraphError) in
      try edit.scaleReaders(of: "y", by: 0.5)
    }
    #expect(output.producer(of: "y")?.opType == "Mul" && output.outputs == ["y", "z"])
    #expect(output.producer(of: "z")?.inputs == ["y"])
  }

  @Test("a value read in a body alone is a site, and its rows say so")
  func bodyReads() throws {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [1, 1, 4, 4])], outputs: ["y"],
      constants: [
        "w": .float32(Tensor([2, 1, 3, 3], repeating: 1)), "k": .bool(NDArray(scalar: true)),
      ],
      nodes: [
        Node("Conv", inputs: ["x", "w"], outputs: ["c"]),
        Node("Relu", inputs: ["c"], outputs: ["r"]),
        Node("If", inputs: ["k"], outputs: ["y"], bodyReads: ["r"]),
      ])
    let network = Network(graph)
    #expect(network.sensibleSites.map(\.value) == ["x", "c", "r"])
    let row = network.rows(network.signature()).first { $0.value == "r" }
    #expect(row?.canTakeDropout == true && row?.places == [.afterActivation])
    let edited = try graph.adding([("r", dropout(SpatialDropout()))])
    #expect(edited.producer(of: "r")?.opType == "Mul")
    #expect(edited.producer(of: "r_clean")?.opType == "Relu")
  }
}
