import NeuralNet
import TensorCore
import Testing

struct GraphTests {
  static func relu(_ input: String, _ output: String, name: String = "") -> Node {
    Node(name: name, "Relu", inputs: [input], outputs: [output])
  }

  static func graph(
    _ nodes: [Node], inputs: [Graph.Input] = [.init("x", dims: [nil])],
    outputs: [String] = [], constants: [String: Value] = [:]
  ) throws(GraphError) -> Graph {
    try Graph(name: "g", inputs: inputs, outputs: outputs, constants: constants, nodes: nodes)
  }

  @Test("any order of the nodes becomes one in which makers come first")
  func shuffled() throws {
    // A table: every value is read by the next two nodes.
    let sorted = (0..<12).map { index in
      Node(
        name: "n\(index)", "Add",
        inputs: [index == 0 ? "x" : "v\(index - 1)", index < 2 ? "x" : "v\(index - 2)"],
        outputs: ["v\(index)"])
    }
    var order = sorted
    for seed in 0..<50 as Range<UInt64> {
      let stream = RandomStream(seed: seed)
      for i in order.indices.reversed() {
        order.swapAt(i, Int(stream.word(at: i)) % (i + 1))
      }
      #expect(try Self.graph(order).nodes == sorted)
    }
    #expect(try Self.graph(sorted).nodes == sorted)
  }

  @Test("a sorted file stays as it is, even where another order would do")
  func stable() throws {
    let nodes = [
      Self.relu("x", "late"), Self.relu("x", "early"), Self.relu("early", "a"),
      Self.relu("late", "b"),
    ]
    #expect(try Self.graph(nodes).nodes == nodes)
  }

  @Test("long chains and wide fans, backwards, neither overflow the stack nor take forever")
  func large() throws {
    let count = 20_000
    let chain = (0..<count).map { Self.relu($0 == 0 ? "x" : "v\($0 - 1)", "v\($0)") }
    #expect(try Self.graph(chain.reversed()).nodes.map(\.name) == chain.map(\.name))
    let leaves = (0..<count).map { Self.relu("x", "v\($0)") }
    let fan = Node("Concat", inputs: (0..<count).map { "v\($0)" }, outputs: ["y"])
    #expect(try Self.graph([fan] + leaves).nodes.last == fan)
  }

  @Test func cyclesAreNamed() {
    #expect(throws: GraphError(node: "a", "is part of a cycle")) {
      try Self.graph([Self.relu("b", "a"), Self.relu("a", "b"), Self.relu("x", "c")])
    }
    #expect(throws: GraphError(node: "self", "is part of a cycle")) {
      try Self.graph([Self.relu("self", "self")])
    }
    // The node before the cycle is not part of it.
    #expect(throws: GraphError(node: "a", "is part of a cycle")) {
      try Self.graph([Self.relu("a", "reader"), Self.relu("b", "a"), Self.relu("a", "b")])
    }
  }

  @Test func namesMadeTwice() {
    #expect(throws: GraphError(node: "y", "makes y, which is already there")) {
      try Self.graph([Self.relu("x", "y"), Self.relu("x", "y")])
    }
    #expect(throws: GraphError(node: "x", "makes x, which is already there")) {
      try Self.graph([Self.relu("x", "x")])
    }
    #expect(throws: GraphError(node: "w", "makes w, which is already there")) {
      try Self.graph([Self.relu("x", "w")], constants: ["w": .float32(NDArray(scalar: 1))])
    }
    #expect(throws: GraphError(node: "n", "makes y, which is already there")) {
      try Self.graph([Node(name: "n", "Dropout", inputs: ["x"], outputs: ["y", "y"])])
    }
    #expect(throws: GraphError("input x is there twice")) {
      try Self.graph([], inputs: [.init("x", dims: []), .init("x", dims: [])])
    }
  }

  @Test func namesNobodyMakes() {
    #expect(throws: GraphError(node: "y", "reads z, which nothing makes")) {
      try Self.graph([Self.relu("z", "y")])
    }
    #expect(throws: GraphError("output z is made by no node")) {
      try Self.graph([Self.relu("x", "y")], outputs: ["y", "z"])
    }
  }

  @Test("left-out inputs and outputs have no name, as often as one likes")
  func emptyNames() throws {
    let graph = try Self.graph([
      Node(name: "a", "Clip", inputs: ["x", "", ""], outputs: ["y", ""]),
      Node(name: "b", "Clip", inputs: ["y", ""], outputs: ["", "z"]),
    ])
    #expect(graph.value(named: "b") == "z")
    #expect(graph.producer(of: "z")?.name == "b")
    #expect(graph.value(named: "") == nil)
  }

  @Test("weights listed among the inputs, as files of IR version 3 do, need not be given")
  func weightsAmongInputs() throws {
    let graph = try Self.graph(
      [Node("Add", inputs: ["x", "w"], outputs: ["y"])],
      inputs: [.init("x", dims: [1]), .init("w", dims: [1])],
      constants: ["w": .float32(NDArray([1], [2]))])
    #expect(graph.inputs.map(\.name) == ["x"])
    let run = try Network(graph).run(["x": .float32(NDArray([1], [3]))])
    #expect(run.tensor("y")?.elements == [5])
  }

  @Test func namesOfNodesStandForTheirFirstOutput() throws {
    let graph = try Self.graph([
      Self.relu("x", "y", name: "conv1"), Self.relu("y", "z", name: "conv1"), Self.relu("z", "w"),
    ])
    #expect(graph.value(named: "conv1") == "y")
    #expect(graph.value(named: "z") == "z")
    #expect(graph.value(named: "w") == "w")
    #expect(graph.value(named: "x") == "x")
    #expect(graph.value(named: "v") == nil)
  }

  @Test func openSizes() {
    let input = Graph.Input("x", dims: [nil, 1, 28, 28])
    #expect(input.shapeText == "[?,1,28,28]")
    #expect(input.accepts([5, 1, 28, 28]))
    #expect(input.accepts([0, 1, 28, 28]))
    #expect(!input.accepts([1, 3, 28, 28]))
    #expect(!input.accepts([1, 28, 28]))
  }

  @Test func nodesThatShareANameHaveDistinctOnes() throws {
    func relu(_ name: String, _ from: String, _ to: String) -> Node {
      Node(name: name, "Relu", inputs: [from], outputs: [to])
    }
    let graph = try Graph(
      name: "g", inputs: [Graph.Input("x", dims: [1])], outputs: ["e"],
      nodes: [
        relu("conv", "x", "a"), relu("conv", "a", "b"), relu("", "b", "c"), relu("conv", "c", "d"),
        relu("conv#2", "d", "e"),
      ])
    let names = graph.nodes.indices.map(graph.distinctName(ofNode:))
    // The second is not called as another node is called in the file.
    #expect(names == ["conv#1", "b", "c", "conv#3", "conv#2"])
    #expect(names.map(graph.value(named:)) == ["a", "b", "c", "d", "e"])
    #expect(graph.value(named: "conv") == "a")
  }
}
