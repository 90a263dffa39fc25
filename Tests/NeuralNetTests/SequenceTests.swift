import Masks
import NeuralNet
import TensorCore
import Testing

/// Sequences of arrays and optional values.
@Suite struct SequenceTests {
  private static func list(_ values: [Float]) -> Value { .float32(Tensor([values.count], values)) }

  private static func number(_ value: Int64) -> Value { .int64(NDArray([], [value])) }

  /// A network of nodes over inputs, of which all outputs are asked for.
  private static func network(
    _ inputs: [Graph.Input], _ nodes: [Node], _ constants: [String: Value] = [:]
  ) throws -> Network {
    Network(
      try Graph(
        name: "sequences", inputs: inputs, outputs: nodes.last?.outputs ?? [],
        constants: constants, nodes: nodes))
  }

  /// What a network makes of its inputs, and what its shape rules say of it.
  private static func made(
    _ inputs: [(Graph.Input, Value)], _ nodes: [Node], _ constants: [String: Value] = [:]
  ) throws -> (value: Value?, info: ValueInfo?) {
    let network = try network(inputs.map(\.0), nodes, constants)
    let output = network.graph.outputs[0]
    let run = try network.run(Dictionary(uniqueKeysWithValues: inputs.map { ($0.0.name, $0.1) }))
    return (run[output], network.signature().values[output])
  }

  private static let row = (Graph.Input("x", dims: [5]), list([1, 2, 3, 4, 5]))

  /// What PyTorch exports of `split`: parts of a sequence, by their places.
  @Test(
    arguments: [
      ([2, 3], 0, [1, 2]), ([2, 3], -1, [3, 4, 5]), ([5], 0, [1, 2, 3, 4, 5]), ([0, 5], 0, []),
    ] as [([Int64], Int64, [Float])])
  func partsAreFoundByTheirPlaces(sizes: [Int64], place: Int64, expected: [Float]) throws {
    let found = try Self.made(
      [Self.row],
      [
        Node("SplitToSequence", inputs: ["x", "s"], outputs: ["parts"]),
        Node("SequenceAt", inputs: ["parts", "i"], outputs: ["y"]),
      ], ["s": .int64(NDArray([sizes.count], sizes)), "i": Self.number(place)])
    #expect(found.value == Self.list(expected))
    #expect(found.info?.shape == [expected.count])
    #expect(found.info?.type == .float32)
  }

  /// One size for all parts, the last smaller; slices without their axis where none is given.
  @Test func sizesOfParts() throws {
    let two = try Self.made(
      [Self.row], [Node("SplitToSequence", inputs: ["x", "s"], outputs: ["y"])],
      ["s": Self.number(2)])
    #expect(two.value == .sequence([Self.list([1, 2]), Self.list([3, 4]), Self.list([5])]))
    #expect(two.info?.elements?.map(\.shape) == [[2], [2], [1]])
    let rows = (Graph.Input("x", dims: [2, 2]), Value.float32(Tensor([2, 2], [1, 2, 3, 4])))
    for (keeps, shape) in [(1, [2, 1]), (0, [2])] as [(Int, Shape)] {
      let slices = try Self.made(
        [rows],
        [
          Node(
            "SplitToSequence", inputs: ["x"], outputs: ["y"],
            attributes: ["axis": .int(1), "keepdims": .int(keeps)])
        ])
      let expected = [[1, 3], [2, 4]] as [[Float]]
      #expect(slices.value == .sequence(expected.map { .float32(Tensor(shape, $0)) }))
    }
  }

  @Test func joinedAndStacked() throws {
    for (stacks, shape) in [(0, [4]), (1, [2, 2])] as [(Int, Shape)] {
      let found = try Self.made(
        [(Graph.Input("x", dims: [2]), Self.list([1, 2]))],
        [
          Node("SequenceConstruct", inputs: ["x", "x"], outputs: ["s"]),
          Node(
            "ConcatFromSequence", inputs: ["s"], outputs: ["y"],
            attributes: ["axis": .int(0), "new_axis": .int(stacks)]),
        ])
      #expect(found.value == .float32(Tensor(shape, [1, 2, 1, 2])))
      #expect(found.info?.shape == shape)
    }
  }

  /// Places are counted from the end where they are below 0, and left out at the end.
  @Test func insertedAndErased() throws {
    func places(_ opType: String, _ place: Int64?) throws -> [Float] {
      var inputs = opType == "SequenceInsert" ? ["s", "c"] : ["s"]
      if place != nil { inputs.append("i") }
      let found = try Self.made(
        [(Graph.Input("x", dims: [1]), Self.list([0]))],
        [
          Node("SequenceConstruct", inputs: ["x", "a", "b"], outputs: ["s"]),
          Node(opType, inputs: inputs, outputs: ["t"]),
          Node("ConcatFromSequence", inputs: ["t"], outputs: ["y"], attributes: ["axis": .int(0)]),
        ],
        [
          "a": Self.list([1]), "b": Self.list([2]), "c": Self.list([9]),
          "i": Self.number(place ?? 0),
        ])
      return try #require(found.value?.tensor).elements
    }
    #expect(try places("SequenceInsert", nil) == [0, 1, 2, 9])
    #expect(try places("SequenceInsert", 0) == [9, 0, 1, 2])
    #expect(try places("SequenceInsert", -1) == [0, 1, 9, 2])
    #expect(try places("SequenceInsert", 3) == [0, 1, 2, 9])
    #expect(try places("SequenceErase", nil) == [0, 1])
    #expect(try places("SequenceErase", -3) == [1, 2])
    for (opType, place) in [("SequenceInsert", 4), ("SequenceErase", 3), ("SequenceErase", -4)] {
      let error = #expect(throws: GraphError.self) { try places(opType, Int64(place)) }
      let message = "expected a place in a sequence of 3, found \(place)"
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
  }

  @Test func lengths() throws {
    let none = try Self.made(
      [],
      [
        Node("SequenceEmpty", inputs: [], outputs: ["s"]),
        Node("SequenceLength", inputs: ["s"], outputs: ["y"]),
      ])
    #expect(none.value == Self.number(0))
    let error = #expect(throws: GraphError.self) {
      try Self.made(
        [Self.row],
        [
          Node("SequenceEmpty", inputs: [], outputs: ["s"]),
          Node("SequenceAt", inputs: ["s", "i"], outputs: ["y"]),
        ], ["i": Self.number(0)])
    }
    #expect(error?.description.contains("a place in a sequence of 0, found 0") == true)
  }

  /// A loop that collects what it makes, as a scripted list does: shapes only a run can tell.
  @Test func aLoopCollects() throws {
    let body = try Body(
      inputs: [
        .init("i", type: .int64, dims: []), .init("c", type: .bool, dims: []),
        .sequence("s", of: .float32),
      ], outputs: ["c2", "s2"], constants: [:],
      nodes: [
        Node("Identity", inputs: ["c"], outputs: ["c2"]),
        Node("Cast", inputs: ["i"], outputs: ["f"], attributes: ["to": .int(1)]),
        Node("Mul", inputs: ["x", "f"], outputs: ["p"]),
        Node("SequenceInsert", inputs: ["s", "p"], outputs: ["s2"]),
      ], opsets: ["": 17])
    let found = try Self.made(
      [(Graph.Input("x", dims: [2]), Self.list([1, 2]))],
      [
        Node("SequenceEmpty", inputs: [], outputs: ["none"]),
        Node(
          "Loop", inputs: ["n", "", "none"], outputs: ["all"], attributes: ["body": .graph(body)],
          bodyReads: ["x"]),
        Node(
          "ConcatFromSequence", inputs: ["all"], outputs: ["y"],
          attributes: ["axis": .int(0), "new_axis": .int(1)]),
      ], ["n": Self.number(3)])
    #expect(found.value == .float32(Tensor([3, 2], [0, 0, 1, 2, 2, 4])))
    #expect(found.info == nil)
  }

  @Test func aBodyForEach() throws {
    let body = try Body(
      inputs: [.init("a", dims: [nil]), .init("b", dims: [nil])], outputs: ["p", "q"],
      constants: [:],
      nodes: [
        Node("Add", inputs: ["a", "b"], outputs: ["p"]),
        Node("Shape", inputs: ["a"], outputs: ["q"]),
      ], opsets: ["": 17])
    let nodes = [
      Node(
        "SequenceMap", inputs: ["s", "x"], outputs: ["y", "z"], attributes: ["body": .graph(body)])
    ]
    let network = try Self.network([.sequence("s", of: .float32), .init("x", dims: [1])], nodes)
    let values = [Self.list([1, 2]), Self.list([3])]
    let run = try network.run(["s": .sequence(values), "x": Self.list([10])])
    #expect(run["y"] == .sequence([Self.list([11, 12]), Self.list([13])]))
    #expect(
      run["z"] == .sequence([.int64(NDArray([1], [2])), .int64(NDArray([1], [1]))]))
    // Sequences of two lengths.
    let both = try Self.network(
      [.sequence("s", of: .float32), .sequence("x", of: .float32)], nodes)
    let error = #expect(throws: GraphError.self) {
      try both.run(["s": .sequence(values), "x": .sequence([values[0]])])
    }
    #expect(error?.description.contains("expected sequences of 2, found one of 1") == true)
  }

  /// An optional input may be left out, and nodes can ask whether it is there.
  @Test func optionalValues() throws {
    var input = Graph.Input("x", dims: [2])
    input.isOptional = true
    let has = try Self.network(
      [input], [Node("OptionalHasElement", inputs: ["x"], outputs: ["y"])])
    #expect(try has.run([:])["y"] == .bool(NDArray([], [false])))
    #expect(try has.run(["x": Self.list([1, 2])])["y"] == .bool(NDArray([], [true])))
    let get = try Self.network(
      [input], [Node("OptionalGetElement", inputs: ["x"], outputs: ["y"])])
    #expect(try get.run(["x": Self.list([1, 2])])["y"] == Self.list([1, 2]))
    let error = #expect(throws: GraphError.self) { try get.run([:]) }
    #expect(error?.description.contains("an optional one that is not there") == true)
    let made = try Self.made(
      [],
      [
        Node("Optional", inputs: [], outputs: ["o"]),
        Node("OptionalHasElement", inputs: ["o"], outputs: ["y"]),
      ])
    #expect(made.value == .bool(NDArray([], [false])))
  }

  /// Where an array is wanted a sequence is refused, by the shape rule and in a run.
  @Test func sequencesAreNoArrays() throws {
    let network = try Self.network(
      [Self.row.0],
      [
        Node("SequenceConstruct", inputs: ["x", "x"], outputs: ["s"]),
        Node("Add", inputs: ["x", "s"], outputs: ["y"]),
      ])
    #expect(
      network.signature().errors.map(\.description)
        == ["node y: Add: expected an array for input 1, found a sequence"])
    let error = #expect(throws: GraphError.self) { try network.run(["x": Self.row.1]) }
    #expect(error?.description.contains("an array for input 1, found a sequence of 2") == true)
    let typed = try Self.network(
      [.sequence("s", of: .float32)], [Node("SequenceLength", inputs: ["s"], outputs: ["y"])])
    let wrong = #expect(throws: GraphError.self) {
      try typed.run(["s": .sequence([Self.number(1)])])
    }
    #expect(wrong?.description.contains("input s: expected sequence of float32") == true)
  }

  /// Each turn hands on all that the turns before it made.
  @Test func aSequenceThatGrowsWithoutEndIsRefused() throws {
    let body = try Body(
      inputs: [
        .init("i", type: .int64, dims: []), .init("c", type: .bool, dims: []),
        .sequence("s", of: .float32),
      ], outputs: ["c2", "s2"],
      nodes: [
        Node("Identity", inputs: ["c"], outputs: ["c2"]),
        Node("SequenceInsert", inputs: ["s", "x"], outputs: ["s2"]),
      ], opsets: ["": 17])
    let network = try Self.network(
      [Self.row.0],
      [
        Node("SequenceEmpty", inputs: [], outputs: ["none"]),
        Node(
          "Loop", inputs: ["", "", "none"], outputs: ["y"], attributes: ["body": .graph(body)],
          bodyReads: ["x"]),
      ])
    let error = #expect(throws: GraphError.self) {
      try WorkBudget.$scopedLimit.withValue(2_000_000_000) { try network.run(["x": Self.row.1]) }
    }
    #expect(error?.exceedsBudget == true, "\(error?.description ?? "")")
  }
}
