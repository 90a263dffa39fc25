import NeuralNet
import TensorCore
import Testing

/// A network's rows in groups of names and blocks, with the graphs that nodes hold.
@Suite struct NetworkOutlineTests {
  /// A chain of nodes of the names and operators given, as its outline: a line of text for each line, two
  /// spaces in front for each that it is under.
  private static func outline(
    _ nodes: [(name: String, opType: String)], isGrouped: Bool = true
  ) throws -> [String] {
    let made = nodes.enumerated().map { index, node in
      Node(
        name: node.name, node.opType, inputs: [index == 0 ? "x" : "v\(index - 1)"],
        outputs: ["v\(index)"])
    }
    let graph = try Graph(
      name: "chain", inputs: [.init("x", dims: [1, 4])], outputs: ["v\(nodes.count - 1)"],
      nodes: made)
    return text(try outline(of: graph, isGrouped: isGrouped))
  }

  private static func outline(of graph: Graph, isGrouped: Bool) throws -> NetworkOutline {
    let network = Network(graph)
    return NetworkOutline(network.rows(network.signature()), of: graph, isGrouped: isGrouped)
  }

  private static func text(_ outline: NetworkOutline) -> [String] {
    outline.lines.map { line in
      let end: String
      switch line.content {
      case .row: end = ""
      case .group(let rows, let blocks):
        end = " (\(blocks > 1 ? "\(blocks) of " : "")\(rows.count))"
      case .graph(let count): end = " (graph of \(count))"
      case .inner(let opType, let value): end = " \(opType) \(value)"
      }
      return String(repeating: "  ", count: line.depth) + line.label + end
    }
  }

  @Test func namesThatBeginAlikeAreAGroup() throws {
    let nodes = [
      ("features.0.conv", "Relu"), ("features.0.act", "Sigmoid"), ("features.1.conv", "Tanh"),
      ("classifier.fc", "Relu"), ("classifier.out", "Exp"), ("last", "Abs"),
    ]
    #expect(
      try Self.outline(nodes) == [
        "x", "features (3)", "  0 (2)", "    conv", "    act", "  1.conv", "classifier (2)", "  fc",
        "  out", "last",
      ])
    #expect(try Self.outline(nodes, isGrouped: false) == ["x"] + nodes.map(\.0))
  }

  /// What torch exports: a module's path, its last part once more in front of what it holds.
  @Test func groupsOfOneAreNone() throws {
    let nodes = [
      ("/layer1/layer1.0/Add", "Relu"), ("/layer1/layer1.0/Relu", "Tanh"),
      ("/layer1/layer1.1/Add", "Exp"), ("/layer1/layer1.1/Relu", "Sqrt"), ("/fc", "Relu"),
    ]
    #expect(
      try Self.outline(nodes) == [
        "x", "/layer1 (4)", "  layer1.0 (2)", "    Add", "    Relu", "  layer1.1 (2)", "    Add",
        "    Relu", "/fc",
      ])
  }

  /// Groups of the same operators in the same order, and nodes without such names.
  @Test func blocksThatRepeatAreOneLine() throws {
    let blocks = (0..<4).flatMap { block in
      [("layers.\(block).norm", "Tanh"), ("layers.\(block).fc", "Relu")]
    }
    #expect(
      try Self.outline([("in", "Abs")] + blocks + [("out", "Exp")]) == [
        "x", "in", "layers.0 … layers.3 (4 of 8)", "  layers.0 (2)", "    norm", "    fc",
        "  layers.1 (2)", "    norm", "    fc", "  layers.2 (2)", "    norm", "    fc",
        "  layers.3 (2)", "    norm", "    fc", "out",
      ])
    let flat = (0..<6).map { ("n\($0)", ["Tanh", "Relu"][$0 % 2]) }
    #expect(
      try Self.outline(flat + [("out", "Exp")]) == [
        "x", "n0 … (3 of 6)", "  block 1 of 3 (2)", "    n0", "    n1", "  block 2 of 3 (2)",
        "    n2", "    n3", "  block 3 of 3 (2)", "    n4", "    n5", "out",
      ])
    // Neither a node again and again nor a block twice is one.
    let same = (0..<5).map { ("n\($0)", "Relu") }
    #expect(try Self.outline(same) == ["x"] + same.map(\.0))
    #expect(try Self.outline(Array(flat.prefix(4))) == ["x"] + flat.prefix(4).map(\.0))
  }

  @Test func nodesShowTheGraphsTheyHold() throws {
    func body(_ opTypes: [String]) throws -> Body {
      let nodes = opTypes.enumerated().map { index, opType in
        Node(
          name: "\(opType) \(index)", opType, inputs: [index == 0 ? "x" : "b\(index - 1)"],
          outputs: ["b\(index)"])
      }
      return try Body(
        inputs: [], outputs: ["b\(opTypes.count - 1)"], nodes: nodes, opsets: ["": 17])
    }
    let graph = try Graph(
      name: "if", inputs: [.init("c", type: .bool, dims: []), .init("x", dims: [2])],
      outputs: ["y"],
      nodes: [
        Node(
          name: "choice", "If", inputs: ["c"], outputs: ["y"],
          attributes: [
            "then_branch": .graph(try body(["Abs", "Relu"])),
            "else_branch": .graph(try body(["Exp"])),
          ], bodyReads: ["x"])
      ])
    let outline = try Self.outline(of: graph, isGrouped: false)
    #expect(
      Self.text(outline) == [
        "c", "x", "choice", "  else_branch (graph of 1)", "    Exp 0 Exp choice/else_branch/b0",
        "  then_branch (graph of 2)", "    Abs 0 Abs choice/then_branch/b0",
        "    Relu 1 Relu choice/then_branch/b1",
      ])
    #expect(outline.seen(opened: []) == [0, 1, 2])
    #expect(outline.seen(opened: [2, 5]) == [0, 1, 2, 3, 5, 6, 7])
    // What is open under a closed line is not seen.
    #expect(outline.seen(opened: [5]) == [0, 1, 2])
    #expect(outline.parents(of: 6) == [5, 2])
    #expect(outline.line(ofRow: 2) == 2)
  }
}
