import TensorCore

/// A value that a graph inside a node makes, seen from around the node: one of that node's outputs, behind
/// its own.
public struct InnerValue: Equatable, Sendable {
  /// What the graph around calls it: `NODE/VALUE`, of a node that holds several graphs `NODE/GRAPH/VALUE`.
  public let name: String
  /// The operator that makes it; nil where its graph is given it.
  public let opType: String?
  /// Which of the node's graphs it is in, as `Node.bodies` calls them.
  public let body: String
  /// What that graph calls it. Where a node in there holds graphs in turn this may be an inner value's name.
  public let value: String
  /// How many of its first axes are turns: one for each node around it that runs its graph again and again.
  public let turns: Int
}

extension Graph {
  /// The graph with a value inside a node among that node's outputs.
  /// - Parameter name: `NODE/VALUE`, of a node that holds several graphs `NODE/GRAPH/VALUE`, where VALUE is
  ///   what the node's graph calls a value or the node that makes it, or inside a node of that graph
  /// - Returns: also the value's full name; nil where no node holds such a value.
  public func showing(_ name: String) throws(GraphError) -> (graph: Graph, value: String)? {
    guard let (index, inner) = inner(named: name) else { return nil }
    guard !nodes[index].shown.contains(inner) else { return (self, inner.name) }
    var nodes = nodes
    nodes[index].show(inner, behind: operators.outputs(of: nodes[index]))
    return (try with(nodes, outputs: outputs), inner.name)
  }

  /// The graphs that a node holds, each with what the names of values inside begin with: `NODE/`, of a node that
  /// holds several graphs `NODE/GRAPH/`.
  public func bodies(ofNode index: Int) -> [(path: String, name: String, body: Body)] {
    let bodies = nodes[index].bodies
    guard !bodies.isEmpty else { return [] }
    let path = "\(distinctName(ofNode: index))/"
    return bodies.map { (bodies.count > 1 ? "\(path)\($0.name)/" : path, $0.name, $0.body) }
  }

  /// The node that holds a value which is shown, and where in there it is; nil for all other values.
  public func inner(_ value: String) -> (node: Int, inner: InnerValue)? {
    guard let node = producerIndex(of: value),
      let inner = nodes[node].shown.first(where: { $0.name == value })
    else { return nil }
    return (node, inner)
  }

  /// The graph as its file has it: nothing inside nodes is shown.
  /// - Throws: `GraphError` never in practice; the graph was one before.
  func closed() throws(GraphError) -> Graph {
    guard nodes.contains(where: { !$0.shown.isEmpty }) else { return self }
    return try with(nodes.map(\.closed), outputs: outputs)
  }

  /// The graph with other nodes and outputs.
  func with(_ nodes: [Node], outputs: [String]) throws(GraphError) -> Graph {
    var graph = try Graph(
      name: name, inputs: inputs, outputs: outputs, constants: constants, nodes: nodes,
      opsets: opsets, metadata: metadata, axisNames: axisNames, document: document,
      operators: operators)
    graph.valueTypes = valueTypes
    return graph
  }

  private func inner(named name: String) -> (node: Int, InnerValue)? {
    for slash in name.indices where name[slash] == "/" {
      let rest = name[name.index(after: slash)...]
      guard let node = node(called: String(name[..<slash])),
        let inner = inner(named: rest, ofNode: node)
      else { continue }
      return (node, inner)
    }
    return nil
  }

  private func inner(named text: Substring, ofNode index: Int) -> InnerValue? {
    let node = nodes[index]
    guard operators.opens(node) else { return nil }
    let turns = operators.repeats(node) ? 1 : 0
    let held = bodies(ofNode: index)
    for (path, name, body) in held {
      var text = text
      if held.count > 1 {
        guard text.hasPrefix("\(name)/") else { continue }
        text = text.dropFirst(name.count + 1)
      }
      let graph = body.graph
      if let value = graph.value(named: String(text)), !body.reads.contains(value) {
        return InnerValue(
          name: path + value, opType: graph.producer(of: value)?.opType, body: name, value: value,
          turns: turns)
      }
      if let (_, inner) = graph.inner(named: String(text)) {
        return InnerValue(
          name: path + inner.name, opType: inner.opType, body: name, value: inner.name,
          turns: turns + inner.turns)
      }
    }
    return nil
  }
}

extension Body {
  /// The graph with values inside it among its outputs, behind its own.
  /// - Parameter values: names of its values, or of values inside its nodes
  /// - Throws: `GraphError` where there are none such.
  func showing(_ values: [String]) throws(GraphError) -> Body {
    guard !values.isEmpty else { return self }
    var shown = graph
    for value in values where shown.value(named: value) == nil {
      guard let found = try shown.showing(value) else {
        throw GraphError("no value \(value) in a body")
      }
      shown = found.graph
    }
    return replacing(try shown.with(shown.nodes, outputs: shown.outputs + values))
  }
}

extension InnerValue {
  /// What the axes of a value of so many are called where only a run tells them: times first, the others by
  /// habit.
  static func usualAxes(rank: Int, turns: Int) -> [Axis] {
    let known = (0..<rank).map { $0 < turns ? Axis.Name.time : nil }
    let names = AxisHabit.order(for: known, isFloat: true) ?? known.map { $0 ?? .unknown }
    return zip(names, known).map { name, known in Axis(name, isGuess: known == nil) }
  }
}
