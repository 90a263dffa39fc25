import Masks
import TensorCore

/// A graph with its operators made, ready to run.
public struct Network: Sendable {
  /// The graph.
  public let graph: Graph
  /// What each node of the graph computes, or why it cannot be computed.
  public let operators: [Result<any Operator, GraphError>]
  /// The model's own dropout, as far as nodes and names tell.
  let patterns: [DropoutPattern]
  /// The nodes that are parts of dropout that is written as several.
  let noiseParts: Set<Int>
  /// The names of axes once they were asked for.
  let axisMemory = AxisMemory()
  /// What the results of each node take.
  let prices: [NodePrice]
  /// Where the weights of nodes that have them as constants are kept in the order of the kernels.
  let kept: [KeptWeights?]

  /// Makes the operators of a graph. An operator that is missing is an error only when a run meets
  /// it, so that the rest of the network can still be looked at.
  public init(_ graph: Graph) {
    self.graph = graph
    operators = graph.nodes.map { node in
      let opset = graph.opsets[node.domain] ?? graph.opset
      return Result { () throws(GraphError) in try graph.operators.make(node, opset: opset) }
    }
    patterns = DropoutPattern.all(in: graph)
    prices = graph.nodes.map { _ in NodePrice() }
    kept = zip(graph.nodes, operators).map { node, operation in
      guard let position = (try? operation.get())?.parameters[.weights],
        position < node.inputs.count, graph.constants[node.inputs[position]] != nil
      else { return nil }
      return KeptWeights()
    }
    noiseParts = patterns.reduce(into: []) { $0.formUnion($1.form == .node ? [] : $1.parts) }
  }

  /// - Throws: `GraphError` where the file wants more of a node than its operator makes.
  func check(_ node: Node, makes count: Int) throws(GraphError) {
    // What is shown inside it may be known in a run alone.
    let own = node.outputs.dropLast(node.shown.count)
    guard let unmade = own.dropFirst(count).first(where: { !$0.isEmpty }) else { return }
    throw GraphError(
      node: node.name, "\(node.opType) makes \(count) outputs, \(unmade) is not among them")
  }

  /// The placements by site.
  func bySite(_ placements: [Placement]) throws(GraphError) -> [String: Placement] {
    var bySite: [String: Placement] = [:]
    for placement in placements {
      guard graph.index.numbers[placement.site] != nil, graph.constants[placement.site] == nil
      else {
        throw GraphError("no value \(placement.site) to put dropout on")
      }
      guard bySite.updateValue(placement, forKey: placement.site) == nil else {
        throw GraphError("two dropouts at \(placement.site)")
      }
      try check(placement)
    }
    return bySite
  }

  /// The nodes that the values of these names depend on; all nodes for nil.
  func nodesNeeded(_ wanted: [String]?) throws(GraphError) -> Set<Int> {
    guard let wanted else { return Set(graph.nodes.indices) }
    let index = graph.index
    if let name = wanted.filter({ index.numbers[$0] == nil }).min() {
      throw GraphError("no value \(name) in the graph")
    }
    var isNeeded = [Bool](repeating: false, count: index.names.count)
    for name in wanted { if let number = index.numbers[name] { isNeeded[number] = true } }
    var needed = Set<Int>()
    for node in graph.nodes.indices.reversed()
    where index.makes[node].contains(where: { $0.map { isNeeded[$0] } ?? false }) {
      needed.insert(node)
      for case let number? in index.reads[node] { isNeeded[number] = true }
    }
    return needed
  }
}
