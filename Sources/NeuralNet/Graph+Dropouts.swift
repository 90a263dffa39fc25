public import Masks
import TensorCore

extension Graph {
  /// The graph with nodes for dropouts on edges, so that a file has what a run was given: whatever
  /// reads a site, the graph's outputs included, reads it after the dropout. At evaluation nothing
  /// changes by a bit.
  ///
  /// ONNX has one dropout: of elements, inverted. Kinds whose units share axes (whole maps, rows,
  /// columns, samples) are said with it exactly: ones in the shape of the units through a Dropout
  /// node, times the value. Rates of 0 add nothing.
  /// - Throws: `GraphError` where a site is not in the graph, or ONNX has no words for the kind or its
  ///   scaling.
  public func adding(
    _ dropouts: [(site: String, dropout: Dropout)]
  ) throws(GraphError) -> Graph {
    var graph = self
    for (site, dropout) in dropouts where dropout.rate.p > 0 {
      graph = try graph.adding(dropout, at: site)
    }
    return graph
  }

  /// The graph in which some of its Dropout nodes do nothing, in training either: they become
  /// Identity nodes that make the same values. One whose mask is wanted stays.
  /// - Parameter outputs: the first outputs of the nodes; nil for all
  public func silencingDropout(_ outputs: Set<String>? = nil) throws(GraphError) -> Graph {
    var nodes = nodes
    for index in nodes.indices {
      let node = nodes[index]
      guard node.opType == DropoutOperator.opType, let made = node.outputs.first,
        outputs?.contains(made) ?? true, node.outputs.dropFirst().allSatisfy(\.isEmpty)
      else { continue }
      nodes[index] = Node(
        name: node.name, Identity.opType, inputs: [node.inputs[0]], outputs: [made])
    }
    return try with(constants: constants, nodes: nodes)
  }

  private func adding(_ dropout: Dropout, at site: String) throws(GraphError) -> Graph {
    let isThere = inputs.contains { $0.name == site } || producer(of: site) != nil
    guard isThere, !site.isEmpty else { throw GraphError("no value \(site) to put dropout on") }
    let name = producer(of: site)?.name ?? site
    let kind = dropout.kind
    guard kind.target == .activation, let unitwise = kind as? any UnitwiseDropout,
      unitwise.transfer(rate: dropout.rate, scaling: .inverted) == .inverted(dropout.rate)
    else {
      throw GraphError(
        "\(kind.name) dropout at \(name): expected a kind that ONNX can say "
          + "(element, spatial, row, column, path), found \(kind.name)")
    }
    guard dropout.scaling == .inverted else {
      throw GraphError(
        "\(kind.name) dropout at \(name): expected scale inverted, as ONNX's Dropout has, "
          + "found \(dropout.scaling.rawValue)")
    }
    var edit = DropoutEdit(self, site: site)
    do throws(TensorError) {
      // Sizes that tell one axis from another.
      let units = try kind.units(of: NCHW(n: 2, c: 3, h: 4, w: 5))
      let rank = Network(self).rank(of: site)
      let shares = [units.n == 1, units.c == 1, units.h == 1, units.w == 1]
      // Features have no rows and columns to share, sequences no rows.
      let axes = rank == 3 ? [0, 1, 3] : Array(0..<min(4, rank ?? 4))
      edit.drop(rate: dropout.rate, sharing: axes.map { shares[$0] })
    } catch {
      throw GraphError("\(kind.name) dropout at \(name): \(error)")
    }
    return try edit.graph()
  }
}

/// Nodes put behind a value, and their names.
private struct DropoutEdit {
  private let before: Graph
  private let site: String
  private var constants: [String: Value]
  private var added: [Node] = []
  /// What is dropped from, and what its readers get.
  private let (read, made): (String, String)

  init(_ graph: Graph, site: String) {
    (before, self.site) = (graph, site)
    constants = graph.constants
    // An output of the graph keeps its name; else the site does, as others know it by that.
    let isOutput = graph.outputs.contains(site) && graph.producer(of: site) != nil
    read = isOutput ? graph.unused("\(site).clean") : site
    made = isOutput ? site : graph.unused("\(site).dropout")
  }

  /// A Dropout node, over a noise of ones where axes are shared.
  mutating func drop(rate: Rate, sharing: [Bool]) {
    guard sharing.contains(true) else {
      addDropout(reading: read, making: made, rate)
      return
    }
    let name = before.unused("\(site).units")
    let names = ["shape", "own", "sizes", "ones", "noise"].map { "\(name).\($0)" }
    let (own, ones) = ("\(name).axes", "\(name).shared")
    constants[own] = .int64(NDArray([sharing.count], sharing.map { $0 ? 0 : 1 }))
    constants[ones] = .int64(NDArray([sharing.count], sharing.map { $0 ? 1 : 0 }))
    // The value's own sizes, 1 along shared axes.
    added.append(Node("Shape", inputs: [read], outputs: [names[0]]))
    added.append(Node("Mul", inputs: [names[0], own], outputs: [names[1]]))
    added.append(Node("Add", inputs: [names[1], ones], outputs: [names[2]]))
    added.append(
      Node(
        "ConstantOfShape", inputs: [names[2]], outputs: [names[3]],
        attributes: ["value": .tensor(.float32(Tensor([1], [1])))]))
    addDropout(reading: names[3], making: names[4], rate)
    added.append(Node("Mul", inputs: [read, names[4]], outputs: [made]))
  }

  private mutating func addDropout(reading: String, making: String, _ rate: Rate) {
    var node = Node("Dropout", inputs: [reading], outputs: [making])
    if before.opset < 12 {
      node.attributes["ratio"] = .float(Float(rate.p))
    } else {
      let ratio = before.unused("\(making).ratio")
      constants[ratio] = .float32(Tensor(scalar: Float(rate.p)))
      node.inputs.append(ratio)
    }
    added.append(node)
  }

  /// The graph with the nodes, and every reader of the site behind them.
  func graph() throws(GraphError) -> Graph {
    guard before.opset >= 9 || added.count == 1 else {
      throw GraphError(
        "dropout at \(site) that shares axes: expected opset 9 or later, found \(before.opset)")
    }
    var nodes = before.nodes
    for index in nodes.indices {
      if read == site {
        nodes[index].inputs = nodes[index].inputs.map { $0 == site ? made : $0 }
      } else {
        nodes[index].outputs = nodes[index].outputs.map { $0 == site ? read : $0 }
      }
    }
    return try before.with(constants: constants, nodes: nodes + added)
  }
}

extension Network {
  /// How many dimensions a value has, open sizes taken as 1; nil where it is not known.
  fileprivate func rank(of value: String) -> Int? {
    let shapes = Dictionary(
      graph.inputs.map { ($0.name, Shape($0.dims.map { $0 ?? 1 })) },
      uniquingKeysWith: { first, _ in first })
    return signature(inputs: shapes).values[value]?.shape.rank
  }
}

extension Transfer {
  /// Kept values × 1/(1−p), dropped ones 0.
  fileprivate static func inverted(_ rate: Rate) -> Transfer {
    ElementDropout().transfer(rate: rate, scaling: .inverted)
  }
}
