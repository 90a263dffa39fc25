import Masks
import NeuralNet
import TensorCore
import Testing

/// Dropout written into a graph: the same numbers at evaluation, the asked rate in training.
struct SavedDropoutTests {
  static let input = Tensor([4, 3, 8, 8], (0..<768).map { 0.5 + Float($0 % 97) / 97 })

  /// x → conv → relu ─┬→ pool → flat → dense → y
  ///                  └→ twice (an output, as is relu)
  static func graph(opset: Int = 17, outputs: [String] = ["y", "relu", "twice"]) throws -> Graph {
    let weights = Tensor([5, 3, 3, 3], (0..<135).map { Float(($0 * 37) % 64) / 64 })
    return try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 3, 8, 8])], outputs: outputs,
      constants: [
        "w": .float32(weights), "two": .float32(Tensor(scalar: 2)),
        "m": .float32(Tensor([45, 4], (0..<180).map { Float(($0 * 29) % 32) / 32 - 0.3 })),
      ],
      nodes: [
        Node(name: "conv", "Conv", inputs: ["x", "w"], outputs: ["conv"]),
        Node(name: "relu", "Relu", inputs: ["conv"], outputs: ["relu"]),
        Node(name: "twice", "Mul", inputs: ["relu", "two"], outputs: ["twice"]),
        Node(
          name: "pool", "MaxPool", inputs: ["relu"], outputs: ["pool"],
          attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        Node(name: "flat", "Flatten", inputs: ["pool"], outputs: ["flat"]),
        Node(name: "dense", "MatMul", inputs: ["flat", "m"], outputs: ["y"]),
      ], opsets: ["": opset])
  }

  static func dropout(
    _ kind: any DropoutKind = ElementDropout(), _ rate: Double = 0.4,
    scaling: Scaling = .inverted
  ) -> Dropout { Dropout(kind, rate: Rate(clamping: rate), scaling: scaling) }

  static func run(_ graph: Graph, _ mode: Mode = .eval) throws -> Activations {
    try Network(graph).run(
      [graph.inputs[0].name: .float32(input)],
      context: RunContext(mode: mode, stream: RandomStream(seed: 5)))
  }

  @Test("at evaluation nothing changes, whatever the operator set", arguments: [7, 10, 12, 13, 22])
  func evaluation(opset: Int) throws {
    let graph = try Self.graph(opset: opset)
    let clean = try Self.run(graph)
    for site in ["x", "conv", "relu", "pool", "flat", "y", "twice"] {
      let edited = try graph.adding([(site, Self.dropout())])
      #expect(edited.nodes.count == 7)
      #expect(edited.outputs == graph.outputs)
      let run = try Self.run(edited)
      for output in graph.outputs { #expect(run[output] == clean[output]) }
      let node = try #require(edited.nodes.first { $0.opType == "Dropout" })
      #expect(node.name == "\(site)_dropout")
      #expect((node.attributes["ratio"] == nil) == (opset >= 12))
      #expect(node.inputs.count == (opset >= 12 ? 2 : 1))
      let own = Network(edited).writtenDropouts
      #expect(own.map(\.rate) == [try Rate(0.4)])
      #expect(own.map(\.site) == [graph.outputs.contains(site) ? "\(site)_clean" : site])
    }
  }

  @Test("before operator set 7 evaluation has to be asked for") func oldOperatorSet() throws {
    let node = try Self.graph(opset: 6).adding([("relu", Self.dropout())]).nodes
      .first { $0.opType == "Dropout" }
    #expect(node?.attributes == ["ratio": .float(0.4), "is_test": .int(1)])
  }

  /// The units of each kind, on relu `[4,5,6,6]`, on flat `[4,45]` and on x `[4,3,8,8]`.
  static let kinds: [(kind: any DropoutKind, relu: Shape, flat: Shape, x: Shape)] = [
    (ElementDropout(), [4, 5, 6, 6], [4, 45], [4, 3, 8, 8]),
    (SpatialDropout(), [4, 5, 1, 1], [4, 45], [4, 3, 1, 1]),
    (RowDropout(), [4, 5, 6, 1], [4, 45], [4, 3, 8, 1]),
    (ColumnDropout(), [4, 5, 1, 6], [4, 45], [4, 3, 1, 8]),
    (PathDropout(), [4, 1, 1, 1], [4, 1], [4, 1, 1, 1]),
  ]

  @Test("kinds whose cells share units: in training each unit lives or dies as one, scaled")
  func sharedUnits() throws {
    let graph = try Self.graph(outputs: ["y"])
    for kind in Self.kinds {
      for (site, units) in [("relu", kind.relu), ("flat", kind.flat), ("x", kind.x)] {
        let edited = try graph.adding([(site, Self.dropout(kind.kind))])
        let own = try #require(Network(edited).writtenDropouts.first)
        #expect(own.site == site && own.rate?.p == 0.4, "\(kind.kind.name) at \(site)")
        let clean = try Self.run(edited)
        #expect(clean["y"] == (try Self.run(graph))["y"])
        #expect(clean[own.result] == clean[site])

        let run = try Self.run(edited, .train)
        let noise = try #require(run.tensor(own.result))
        let x = try #require(run.tensor(site))
        // All values are above 0, so the units can be read off the quotients.
        let factors = zip(noise.elements, x.elements).map { $0 / $1 }
        let scale = Float(1 / 0.6)
        #expect(x.elements.allSatisfy { $0 > 0 } || site != "x")
        #expect(
          zip(factors, x.elements).allSatisfy { $1 == 0 || $0 == 0 || abs($0 - scale) < 1e-5 })
        if own.result != own.output {
          #expect(run.tensor(own.output)?.shape == units, "\(kind.kind.name) at \(site)")
        } else {
          #expect(units == x.shape)
        }
      }
    }
  }

  @Test("the share that is dropped over many draws is the ratio, within four deviations")
  func realisedRate() throws {
    for kind in Self.kinds {
      let edited = try Self.graph(outputs: ["y"]).adding([("relu", Self.dropout(kind.kind, 0.3))])
      let network = Network(edited)
      let own = try #require(network.writtenDropouts.first)
      var (dropped, all) = (0, 0)
      for seed in 0..<60 as Range<UInt64> {
        let run = try network.run(
          ["x": .float32(Self.input)],
          context: RunContext(mode: .train, stream: RandomStream(seed: seed)))
        let noise = try #require(run.tensor(own.output))
        dropped += noise.elements.count { $0 == 0 }
        all += noise.count
      }
      let deviation = (Double(all) * 0.3 * 0.7).squareRoot()
      #expect(abs(Double(dropped) - 0.3 * Double(all)) < 4 * deviation, "\(kind.kind.name)")
    }
  }

  @Test("weights: one mask a batch on the weights of the node that makes the value")
  func weights() throws {
    let graph = try Self.graph()
    let edited = try graph.adding([("conv", Self.dropout(WeightDropout()))])
    #expect(try Self.run(edited)["y"] == Self.run(graph)["y"])
    let run = try Self.run(edited, .train)
    let dropped = try #require(run.tensor("w_dropout"))
    #expect(dropped.elements.contains(0) && dropped.shape == [5, 3, 3, 3])
    #expect(run.tensor("y") != (try Self.run(edited)).tensor("y"))
    let own = try #require(Network(edited).writtenDropouts.first)
    #expect(own.site == "w" && own.node == "w_dropout")
    // They are still what training changes.
    let trainer = try Trainer(edited, loss: MeanSquaredError(), optimizer: SGD(learningRate: 1))
    #expect(try trainer.graph.constants.keys == edited.constants.keys)
    let batch = Batch(Self.input, .labels([0, 1, 2, 3]))
    let gradient = try trainer.gradients(batch).gradients["w"]
    #expect(gradient?.elements.contains { $0 != 0 } == true)
  }

  @Test("a value that is read and asked for keeps its name for what is dropped")
  func outputSite() throws {
    let edited = try Self.graph().adding([("relu", Self.dropout(SpatialDropout()))])
    #expect(edited.outputs == ["y", "relu", "twice"])
    #expect(edited.producer(of: "relu")?.opType == "Mul")
    #expect(edited.producer(of: "relu_clean")?.name == "relu")
    let run = try Self.run(edited, .train)
    let (relu, clean) = (run.tensor("relu"), run.tensor("relu_clean"))
    #expect(relu != clean)
    #expect(run.tensor("twice") == relu?.map { $0 * 2 })
    #expect(run.tensor("pool") == (try pooled(edited, try #require(relu))))
  }

  private func pooled(_ graph: Graph, _ x: Tensor) throws -> Tensor? {
    let node = try #require(graph.nodes.first { $0.opType == "MaxPool" })
    let pool = try OperatorRegistry.standard.make(node, opset: 17)
    guard
      case .float32(let y)? = try pool.forward(
        Inputs("MaxPool", [.float32(x)]), RunContext()
      ).first
    else { return nil }
    return y
  }

  @Test func anInputThatIsAnOutput() throws {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [nil, 3, 8, 8])], outputs: ["x", "r"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["r"])])
    let edited = try graph.adding([("x", Self.dropout())])
    #expect(edited.outputs == ["x_dropout", "r"])
    #expect(edited.nodes.map(\.inputs.first) == ["x", "x_dropout"])
  }

  @Test("edits on edits: two sites, then the same once more, under names of their own")
  func again() throws {
    let graph = try Self.graph()
    let once = try graph.adding([
      ("flat", Self.dropout()), ("x", Self.dropout(SpatialDropout(), 0.2)),
    ])
    let twice = try once.adding([
      ("flat", Self.dropout(ElementDropout(), 0.1)), ("x", Self.dropout(SpatialDropout(), 0.3)),
      ("relu", Self.dropout(RowDropout(), 0.5)),
    ])
    let own = Network(twice).writtenDropouts
    #expect(
      Set(own.map { "\($0.site) \($0.rate?.p ?? -1)" })
        == ["x 0.3", "x_dropped2 0.2", "relu_clean 0.5", "flat 0.1", "flat_dropout2 0.4"])
    #expect(Set(twice.nodes.map(\.name)).count == twice.nodes.count)
    #expect(try Self.run(twice)["y"] == Self.run(graph)["y"])
    #expect(try Self.run(twice, .train)["y"] != Self.run(graph)["y"])
  }

  @Test("a rate can be changed in a saved dropout, by the name of the site or of the node")
  func changedRate() throws {
    let edited = try Self.graph(outputs: ["y"])
      .adding([("relu", Self.dropout(SpatialDropout(), 0.2))])
    for name in ["relu_dropout", "relu_dropped", "pool"] {
      let changed = try edited.setting(try Rate(0.6), at: name)
      let rates = Network(changed).writtenDropouts.map { $0.rate?.p }
      #expect(rates == (name == "pool" ? [0.2, 0.6] : [0.6]), "\(name)")
    }
    // relu has two readers beside its dropout's own nodes only before the edit.
    let alone = try edited.setting(try Rate(0.7), at: "relu")
    #expect(Network(alone).writtenDropouts.map { $0.rate?.p } == [0.7])
  }

  @Test("its nodes are no layers: the sites around it stay what they were")
  func sitesAround() throws {
    let graph = try Self.graph(outputs: ["y"])
    let before = Network(graph).sensibleSites
    for kind in Self.kinds {
      let edited = try graph.adding([("relu", Self.dropout(kind.kind))])
      let after = Network(edited).sensibleSites
      #expect(after.map(\.value) == before.map(\.value), "\(kind.kind.name)")
    }
  }

  @Test func rateZeroAddsNothing() throws {
    let graph = try Self.graph()
    for kind in [ElementDropout(), SpatialDropout(), GaussianDropout()] as [any DropoutKind] {
      #expect(try graph.adding([("relu", Self.dropout(kind, 0))]).nodes == graph.nodes)
    }
  }

  @Test("what ONNX has no words for is refused in one line")
  func refused() throws {
    let words =
      "element, spatial, row, column, weight per-batch, recurrent, embedding, locked, token, "
      + "attention, path"
    let graph = try Self.graph()
    func error(
      _ dropout: Dropout, at site: String = "relu", in graph: Graph
    ) throws -> String {
      let error = #expect(throws: GraphError.self) { try graph.adding([(site, dropout)]) }
      return try #require(error).description
    }
    let unknown: [any DropoutKind] = [
      BlockDropout(), GaussianDropout(), AlphaDropout(), FeatureAlphaDropout(), MaxPoolDropout(),
      ManualDropout(),
    ]
    for kind in unknown {
      #expect(
        try error(Self.dropout(kind), in: graph)
          == "\(kind.name) dropout at relu cannot be saved: expected one of \(words), "
          + "found \(kind.name)")
    }
    #expect(
      try error(Self.dropout(WeightDropout(.perSample)), at: "conv", in: graph)
        == "weight dropout at conv cannot be saved: expected one of \(words), "
        + "found weight per-sample")
    // The value y is known by its node.
    #expect(
      try error(Self.dropout(BlockDropout()), at: "y", in: graph).hasPrefix(
        "block dropout at dense cannot be saved"))
    #expect(try error(Self.dropout(CutoutDropout()), at: "x", in: graph).contains("found cutout"))
    for scaling in [Scaling.weight, .none] {
      #expect(
        try error(Self.dropout(scaling: scaling), in: graph)
          == "element dropout at relu cannot be saved: expected scale inverted, as ONNX's Dropout "
          + "has it, found \(scaling)")
    }
    #expect(
      try error(Self.dropout(ElementDropout(), 1), in: graph)
        == "element dropout at relu cannot be saved: expected a rate below 1, found 1.0")
    #expect(
      try error(Self.dropout(SpatialDropout()), in: Self.graph(opset: 8))
        == "spatial dropout at relu cannot be saved: expected opset 9 or later, found 8")
    #expect(try error(Self.dropout(), at: "w", in: graph) == "no value w to put dropout on")
  }

  @Test("sites without a known shape take elements only, whole numbers nothing")
  func shapes() throws {
    let graph = try Graph(
      name: "g",
      inputs: [.init("x", dims: [nil, 3, nil, nil]), .init("i", type: .int64, dims: [2])],
      outputs: ["y", "s"],
      nodes: [
        Node("Odd", domain: "org.example", inputs: ["x"], outputs: ["o"]),
        Node("Relu", inputs: ["o"], outputs: ["y"]),
        Node("Shape", inputs: ["x"], outputs: ["s"]),
      ], opsets: ["": 17, "org.example": 1])
    #expect(try graph.adding([("o", Self.dropout())]).nodes.count == 4)
    #expect(
      throws: GraphError("spatial dropout at o cannot be saved: the shape of o is not known")
    ) { try graph.adding([("o", Self.dropout(SpatialDropout()))]) }
    for site in ["s", "i"] {
      #expect(throws: GraphError("\(site) holds no floats to put dropout on")) {
        try graph.adding([(site, Self.dropout())])
      }
    }
    // Rows and columns left open are followed too.
    let edited = try graph.adding([("x", Self.dropout(ColumnDropout()))])
    let run = try Network(edited).run(
      ["x": .float32(Self.input), "i": .int64(NDArray([2], [0, 0]))],
      wanted: ["x_dropped", "x_noise"],
      context: RunContext(mode: .train))
    #expect(run.tensor("x_noise")?.shape == [4, 3, 1, 8])
  }
}

extension Graph {
  /// The graph with another rate at a site.
  func setting(_ rate: Rate, at site: String) throws -> Graph {
    try edited { edit throws(GraphError) in try edit.setRate(rate, at: site) }
  }
}
