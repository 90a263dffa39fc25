import Masks
import TensorCore
import Testing

@testable import NeuralNet

/// Dropout that exporters write in random operators: what PyTorch's two exporters and tf2onnx make of
/// `dropout`, `dropout2d`, drop path, `where`, `bernoulli` and Keras layers in training.
struct RandomDropoutTests {
  /// x [N,2,3,4] → Sigmoid a → DROPOUT y → Relu z.
  private static func graph(
    _ nodes: [Node], _ constants: [String: Value] = [:], outputs: [String] = ["z"],
    dims: [Int?] = [nil, 2, 3, 4], opset: Int = 17
  ) throws -> Graph {
    try Graph(
      name: "g", inputs: [.init("x", dims: dims)], outputs: outputs,
      constants: [
        ".4": number(0.4), ".6": number(0.6), "5/3": number(1 / 0.6), "0": number(0),
        "1": number(1),
      ].filter { name, _ in nodes.contains { $0.inputs.contains(name) } }.merging(constants) { $1 },
      nodes: [Node("Sigmoid", inputs: ["x"], outputs: ["a"])] + nodes
        + [Node("Relu", inputs: ["y"], outputs: ["z"])], opsets: ["": opset])
  }

  private static func number(_ x: Float, _ shape: Shape = []) -> Value {
    .float32(Tensor(shape, repeating: x))
  }

  private static func node(_ opType: String, _ inputs: String..., to output: String) -> Node {
    Node(opType, inputs: inputs, outputs: [output])
  }

  private static let like = node("RandomUniformLike", "a", to: "u")
  private static func cast(_ name: String, to output: String = "m") -> Node {
    Node("Cast", inputs: [name], outputs: [output], attributes: ["to": .int(1)])
  }

  /// Each mask that keeps with .6, as 0 and 1, with the constants that stand for the rate.
  private static let masks: [(nodes: [Node], settings: [DropoutPattern.RateConstant.Role])] = [
    ([like, node("Less", "u", ".6", to: "k"), cast("k")], [.keep]),
    ([like, node("Greater", ".6", "u", to: "k"), cast("k")], [.keep]),
    ([like, node("GreaterOrEqual", "u", ".4", to: "k"), cast("k")], [.rate]),
    ([like, node("LessOrEqual", ".4", "u", to: "k"), cast("k")], [.rate]),
    ([like, node("Greater", "u", ".4", to: "k"), cast("k")], [.rate]),
    ([like, node("Less", "u", ".4", to: "d"), node("Not", "d", to: "k"), cast("k")], [.rate]),
    ([like, node("Add", "u", ".6", to: "s"), node("Floor", "s", to: "m")], [.keep]),
    ([like, node("Add", ".6", "u", to: "s"), node("Floor", "s", to: "m")], [.keep]),
    (
      [
        like, node("Less", "u", ".4", to: "d"), cast("d", to: "f"), node("Sub", "1", "f", to: "m"),
      ], [.rate]
    ),
    (
      [
        node("Shape", "a", to: "sa"), node("Expand", ".6", "sa", to: "p"),
        node("Bernoulli", "p", to: "m"),
      ], [.keep]
    ),
    (
      [
        like, node("CastLike", ".6", "u", to: "t"), node("Less", "u", "t", to: "k"),
        node("CastLike", "k", "a", to: "m"),
      ], [.keep]
    ),
    // Half precision is compared in single.
    (
      [
        like, cast("u", to: "v"), node("GreaterOrEqual", "v", ".4", to: "k"), cast("k"),
      ], [.rate]
    ),
  ]

  /// Each way in which a mask and a scale are put on a.
  private static let applications: [(nodes: [Node], settings: [DropoutPattern.RateConstant.Role])] =
    [
      ([node("Mul", "a", "m", to: "k1"), node("Div", "k1", ".6", to: "y")], [.keep]),
      ([node("Mul", "m", "a", to: "k1"), node("Mul", "k1", "5/3", to: "y")], [.scale]),
      ([node("Div", "m", ".6", to: "n"), node("Mul", "a", "n", to: "y")], [.keep]),
      ([node("Mul", "5/3", "m", to: "n"), node("Mul", "n", "a", to: "y")], [.scale]),
      ([node("Div", "a", ".6", to: "b"), node("Mul", "b", "m", to: "y")], [.keep]),
      ([node("Mul", "a", "5/3", to: "b"), node("Mul", "m", "b", to: "y")], [.scale]),
    ]

  @Test("every mask with every scale: rate, place and parts", arguments: masks.indices)
  func masksAndScales(mask: Int) throws {
    let mask = RandomDropoutTests.masks[mask]
    for application in RandomDropoutTests.applications {
      let graph = try RandomDropoutTests.graph(mask.nodes + application.nodes)
      let network = Network(graph)
      let own = try #require(network.writtenDropouts.first, "\(graph.nodes.map(\.opType))")
      #expect(network.writtenDropouts.count == 1)
      #expect(own.form == .random && own.rate?.p == 0.4 && own.activity == .always)
      #expect(own.site == "a" && own.result == "y" && own.output == "y")
      #expect(own.sharedAxes == nil && own.scale == .inverted)
      #expect(own.parts == Set(1..<graph.nodes.count - 1))
      let settings = try #require(network.patterns.first?.settings)
      #expect(settings.map(\.role) == mask.settings + application.settings)
      // What is behind it has a shape, though nobody can run the operators one by one.
      #expect(network.signature(openSizes: 2).values["z"]?.shape == [2, 2, 3, 4])
    }
  }

  @Test("selected by a condition, and by TensorFlow's sum of two products")
  func selections() throws {
    func own(_ nodes: [Node], _ constants: [String: Value] = [:]) throws -> WrittenDropout {
      let graph = try RandomDropoutTests.graph(nodes, constants)
      let own = Network(graph).writtenDropouts
      #expect(own.count == 1 && own.first?.parts == Set(1..<graph.nodes.count - 1))
      return try #require(own.first)
    }
    func node(_ opType: String, _ inputs: String..., to output: String) -> Node {
      Node(opType, inputs: inputs, outputs: [output])
    }
    let like = RandomDropoutTests.like
    let dropped = [like, node("Less", "u", ".4", to: "d")]
    let kept = [like, node("Less", "u", ".6", to: "k")]
    let cases: [[Node]] = [
      dropped + [node("Div", "a", ".6", to: "b"), node("Where", "d", "0", "b", to: "y")],
      dropped + [node("Where", "d", "zeros", "a", to: "b"), node("Div", "b", ".6", to: "y")],
      kept + [node("Div", "a", ".6", to: "b"), node("Where", "k", "b", "0", to: "y")],
      kept + [node("Where", "k", "5/3", "0", to: "n"), node("Mul", "a", "n", to: "y")],
    ]
    for nodes in cases {
      let found = try own(nodes, ["zeros": RandomDropoutTests.number(0, [1, 2, 3, 4])])
      #expect(found.rate?.p == 0.4 && found.site == "a" && found.result == "y")
      #expect(found.scale == .inverted)
    }
    // x·mask + 0·¬mask, in every order.
    for isFirst in [true, false] {
      let sum = isFirst ? ["x1", "z1"] : ["z1", "x1"]
      let found = try own([
        like, node("GreaterOrEqual", "u", ".4", to: "k"), node("Not", "k", to: "d"),
        RandomDropoutTests.cast("d", to: "df"), RandomDropoutTests.cast("k", to: "kf"),
        isFirst ? node("Mul", "0", "df", to: "z1") : node("Mul", "df", "0", to: "z1"),
        node("Mul", "a", "5/3", to: "b"),
        isFirst ? node("Mul", "kf", "b", to: "x1") : node("Mul", "b", "kf", to: "x1"),
        Node("Add", inputs: sum, outputs: ["y"]),
      ])
      #expect(found.rate?.p == 0.4 && found.site == "a" && found.result == "y")
    }
    // Nothing makes up for the dropped.
    let plain = try own(kept + [node("Where", "k", "a", "0", to: "y")])
    #expect(plain.scale == .none && plain.rate?.p == 0.4)
  }

  @Test("noise of a smaller shape: which axes share, by numbers or by the value's own sizes")
  func noiseShapes() throws {
    func node(_ opType: String, _ inputs: [String], to output: String) -> Node {
      Node(opType, inputs: inputs, outputs: [output])
    }
    func int(_ numbers: Int64...) -> Value { .int64(NDArray([numbers.count], numbers)) }
    let apply = [
      node("Less", ["u", ".6"], to: "k"), RandomDropoutTests.cast("k"),
      node("Div", ["m", ".6"], to: "n"), node("Mul", ["a", "n"], to: "y"),
    ]
    let zeros = [
      node("ConstantOfShape", ["s"], to: "c"), node("RandomUniformLike", ["c"], to: "u"),
    ]
    let first = Node(
      "Shape", inputs: ["a"], outputs: ["s0"], attributes: ["start": .int(0), "end": .int(1)])
    let cases: [(makers: [Node], constants: [String: Value], axes: [Bool]?)] = [
      (
        [first, node("Concat", ["s0", "tail"], to: "s")] + zeros, ["tail": int(2, 1, 1)],
        [false, false, true, true]
      ),
      (
        [
          node("Shape", ["a"], to: "sa"), node("Gather", ["sa", "i0"], to: "g"),
          node("Unsqueeze", ["g", "ax"], to: "gu"), node("Concat", ["gu", "tail"], to: "s"),
        ] + zeros,
        ["i0": .int64(NDArray(scalar: 0)), "ax": int(0), "tail": int(1, 1, 4)],
        [false, true, true, false]
      ),
      (
        [
          node("Shape", ["a"], to: "sa"),
          Node("Cast", inputs: ["sa"], outputs: ["si"], attributes: ["to": .int(6)]),
          node("Slice", ["si", "b0", "e1", "b0"], to: "sl"),
          node("Concat", ["sl", "tail"], to: "sc"),
          Node("Cast", inputs: ["sc"], outputs: ["s"], attributes: ["to": .int(7)]),
        ] + zeros, ["b0": int(0), "e1": int(1), "tail": int(2, 1, 1)],
        [false, false, true, true]
      ),
      ([node("Shape", ["a"], to: "s")] + zeros, [:], nil),
      (
        [
          Node(
            "RandomUniform", inputs: [], outputs: ["u"],
            attributes: ["shape": .ints([5, 1, 1, 4]), "seed": .float(0)])
        ], [:], [false, true, true, false]
      ),
      (
        [node("RandomUniformLike", ["c"], to: "u")],
        ["c": RandomDropoutTests.number(0, [3, 4])], [true, true, false, false]
      ),
    ]
    for found in cases {
      let graph = try RandomDropoutTests.graph(found.makers + apply, found.constants)
      let own = try #require(Network(graph).writtenDropouts.first, "\(graph.nodes.map(\.opType))")
      #expect(own.sharedAxes == found.axes, "\(graph.nodes.map(\.opType))")
      #expect(own.parts == Set(1..<graph.nodes.count - 1))
    }
    // A size of 1 that the value has as well is shared with nobody.
    let one = try RandomDropoutTests.graph(
      [
        Node(
          "RandomUniform", inputs: [], outputs: ["u"], attributes: ["shape": .ints([1, 2, 1, 1])])
      ] + apply, dims: [1, 2, 3, 4])
    #expect(Network(one).writtenDropouts.first?.sharedAxes == [false, false, true, true])
  }

  @Test("what draws but is no dropout, or not dropout alone")
  func others() throws {
    func node(_ opType: String, _ inputs: String..., to output: String) -> Node {
      Node(opType, inputs: inputs, outputs: [output])
    }
    let like = RandomDropoutTests.like
    let mask = [like, node("Less", "u", ".6", to: "k"), RandomDropoutTests.cast("k")]
    let apply = [node("Mul", "a", "m", to: "k1"), node("Div", "k1", ".6", to: "y")]
    let wide = Node(
      "RandomUniformLike", inputs: ["a"], outputs: ["u"], attributes: ["high": .float(2)])
    let cases: [(String, [Node], [String])] = [
      ("noise that is added", [like, node("Add", "a", "u", to: "y")], ["z"]),
      ("another range", [wide] + mask.dropFirst() + apply, ["z"]),
      ("a mask that is asked for", mask + apply, ["z", "m"]),
      ("a mask that others read", mask + apply + [node("Tanh", "m", to: "q")], ["z", "q"]),
      (
        "another scale",
        mask + [node("Div", "m", "two", to: "n"), node("Mul", "a", "n", to: "y")], ["z"]
      ),
      (
        "one mask on two values",
        mask + [
          node("Mul", "a", "m", to: "k1"), node("Mul", "x", "m", to: "k2"),
          node("Add", "k1", "k2", to: "y"),
        ], ["z"]
      ),
    ]
    for (why, nodes, outputs) in cases {
      let graph = try RandomDropoutTests.graph(
        nodes, ["two": RandomDropoutTests.number(2)], outputs: outputs)
      #expect(Network(graph).writtenDropouts.isEmpty, "\(why)")
    }
    // A scale that others read too is none of the dropout's.
    let shared = try RandomDropoutTests.graph(
      mask + [
        node("Mul", "a", "5/3", to: "b"), node("Mul", "b", "m", to: "y"),
        node("Tanh", "b", to: "q"),
      ], outputs: ["z", "q"])
    let own = try #require(Network(shared).writtenDropouts.first)
    #expect(own.site == "b" && own.scale == .none)
    // A number behind it that is no 1/keep is the model's.
    let scaled = try RandomDropoutTests.graph(
      mask + [node("Mul", "a", "m", to: "k1"), node("Mul", "k1", "two", to: "y")],
      ["two": RandomDropoutTests.number(2)])
    #expect(Network(scaled).writtenDropouts.first?.result == "k1")
  }

  @Test("taken away with all that made its noise; what is read by others stays")
  func removed() throws {
    for mask in RandomDropoutTests.masks {
      for application in RandomDropoutTests.applications {
        let graph = try RandomDropoutTests.graph(mask.nodes + application.nodes)
        let gone = try graph.edited { $0.removeDropout(["y"]) }
        #expect(gone.nodes.map(\.opType) == ["Sigmoid", "Relu"])
        #expect(gone.nodes[1].inputs == ["a"] && gone.constants.isEmpty)
        let still = try graph.edited { $0.disableDropout() }
        #expect(still.nodes.map(\.opType) == ["Sigmoid", "Identity", "Relu"])
        #expect(still.producer(of: "y")?.inputs == ["a"])
        let x = Value.float32(Tensor([1, 2, 3, 4], repeating: 0.5))
        #expect(
          try Network(still).run(["x": x]).values["z"] == Network(gone).run(["x": x]).values["z"])
      }
    }
  }

  @Test("another rate changes the constants that stand for it, and no other node's")
  func changedRate() throws {
    for mask in RandomDropoutTests.masks {
      for application in RandomDropoutTests.applications {
        let graph = try RandomDropoutTests.graph(
          mask.nodes + application.nodes + [
            Node("Mul", inputs: ["z", ".6"], outputs: ["zk"]),
            Node("Mul", inputs: ["zk", ".4"], outputs: ["zd"]),
          ], [".6": RandomDropoutTests.number(0.6), ".4": RandomDropoutTests.number(0.4)],
          outputs: ["zd"])
        let edited = try graph.setting(try Rate(0.25), at: "y")
        let own = try #require(Network(edited).writtenDropouts.first)
        #expect(own.rate?.p == 0.25 && own.scale == .inverted && own.form == .random)
        #expect(edited.nodes.map(\.opType) == graph.nodes.map(\.opType))
        #expect(edited.constants[".6"] == RandomDropoutTests.number(0.6))
        #expect(edited.constants[".4"] == RandomDropoutTests.number(0.4))
        #expect(throws: GraphError.self) { try graph.setting(Rate(1), at: "y") }
      }
    }
  }

  @Test("half precision says its rate in three digits, and keeps its types")
  func halfPrecision() throws {
    func half(_ x: Float) throws -> Value { try Value(RandomDropoutTests.number(x), as: .float16) }
    let graph = try RandomDropoutTests.graph(
      [
        RandomDropoutTests.like, Node("Less", inputs: ["u", "k16"], outputs: ["k"]),
        Node("Cast", inputs: ["k"], outputs: ["m"], attributes: ["to": .int(10)]),
        Node("Div", inputs: ["m", "s16"], outputs: ["n"]),
        Node("Mul", inputs: ["a", "n"], outputs: ["y"]),
      ], ["k16": try half(0.7), "s16": try half(0.7)])
    #expect(Network(graph).writtenDropouts.first?.rate?.p == 0.3)
    let edited = try graph.setting(try Rate(0.1), at: "y")
    #expect(try edited.constants["k16"] == half(0.9) && edited.constants["s16"] == half(0.9))
    #expect(Network(edited).writtenDropouts.first?.rate?.p == 0.1)
  }

  @Test("written anew as a Dropout node of another kind")
  func replaced() throws {
    let mask = RandomDropoutTests.masks[2].nodes
    let graph = try RandomDropoutTests.graph(mask + RandomDropoutTests.applications[5].nodes)
    for (kind, types) in [
      (ElementDropout() as any DropoutKind, ["Sigmoid", "Dropout", "Relu"]),
      (
        SpatialDropout(),
        ["Sigmoid", "Shape", "Where", "ConstantOfShape", "Dropout", "Mul", "Relu"]
      ),
    ] {
      let edited = try graph.edited { edit throws(GraphError) in
        try edit.replaceDropout("y", by: Dropout(kind, rate: Rate(clamping: 0.4)))
      }
      #expect(edited.nodes.map(\.opType) == types)
      let own = try #require(Network(edited).writtenDropouts.first)
      #expect(own.site == "a" && own.result == "y" && own.rate?.p == 0.4)
      #expect(own.activity == .training)
    }
  }
}
