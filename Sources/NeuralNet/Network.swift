public import Masks
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
  /// The site of each node's own random numbers.
  private let sites: [UInt32]

  /// Makes the operators of a graph. An operator that is missing is an error only when a run meets
  /// it, so that the rest of the network can still be looked at.
  public init(_ graph: Graph) {
    self.graph = graph
    operators = graph.nodes.map { node in
      let opset = graph.opsets[node.domain] ?? graph.opset
      return Result { () throws(GraphError) in try graph.operators.make(node, opset: opset) }
    }
    patterns = DropoutPattern.all(in: graph)
    noiseParts = patterns.reduce(into: []) { $0.formUnion($1.form == .node ? [] : $1.parts) }
    // Names of nodes may repeat, those of values cannot; and a placement on the node's output draws
    // from the value's own stream, which must be another.
    sites = graph.nodes.map { node in
      RandomStream.site(named: "node of \(node.outputs.first { !$0.isEmpty } ?? "")")
    }
  }

  /// Computes values from the graph's inputs: all of them, or what `wanted` needs.
  /// - Parameters:
  ///   - inputs: an array for each of the graph's inputs, by name
  ///   - placements: dropouts on edges, one a site at most; values are stored as their readers see
  ///     them, after it
  /// - Throws: `GraphError` where an input is missing or misshapen, a name is not in the graph, or a
  ///   node cannot be computed.
  public func run(
    _ inputs: [String: Value], wanted: [String]? = nil, placements: [Placement] = [],
    context: RunContext = RunContext()
  ) throws(GraphError) -> Activations {
    let placements = try bySite(placements)
    var start = Activations(values: graph.constants)
    for input in graph.inputs {
      guard let value = inputs[input.name] else {
        throw GraphError("input \(input.name) of shape \(input.shapeText) is missing")
      }
      guard value.type == input.type, input.accepts(value.shape) else {
        throw GraphError(
          "input \(input.name): expected \(input.type) \(input.shapeText), "
            + "found \(value.type) \(value.shape)")
      }
      start.values[input.name] = value
    }
    for input in graph.inputs {
      guard let placement = placements[input.name] else { continue }
      try start.place(placement, mode: context.mode)
    }
    let needed = try nodesNeeded(wanted).sorted()
    try compute(needed, in: &start, placements: placements, context: context)
    return start
  }

  /// Computes again what lies below the placements' sites and keeps everything above them from a run
  /// without placements; nodes that run left out are computed where they are wanted now. With `wanted`
  /// the result holds, of what lies below, only that.
  /// - Throws: `GraphError` where a name is not in the graph, a node cannot be computed or a kind
  ///   cannot act at its site.
  public func run(
    from clean: Activations, wanted: [String]? = nil, placements: [Placement],
    context: RunContext = RunContext(mode: .train)
  ) throws(GraphError) -> Activations {
    try Rerun(self, from: clean, wanted: wanted, placements: placements).run(context: context)
  }

  /// Computes nodes in their order, into a run that holds all they read.
  /// - Parameter lastReads: values to let go of, by the node after which nobody wants them
  func compute(
    _ nodes: [Int], in run: inout Activations, placements: [String: Placement],
    context: RunContext, lastReads: [Int: [String]] = [:]
  ) throws(GraphError) {
    for index in nodes {
      let node = graph.nodes[index]
      let results = try results(index, &run, placements, context)
      for (name, value) in zip(node.outputs, results) where !name.isEmpty {
        run.values[name] = value
      }
      run.computed.append(index)
      for name in node.outputs {
        guard let placement = placements[name] else { continue }
        try run.place(placement, mode: context.mode)
      }
      for name in lastReads[index] ?? [] { run.values[name] = nil }
    }
  }

  /// What one node makes of the values so far.
  private func results(
    _ index: Int, _ run: inout Activations, _ placements: [String: Placement],
    _ context: RunContext
  ) throws(GraphError) -> [Value] {
    let node = graph.nodes[index]
    var own = context
    own.stream.site = sites[index]
    let inputs = Inputs(node.opType, node.inputs.map { $0.isEmpty ? nil : run.values[$0] })
    let operation = try operators[index].get()
    if !placements.isEmpty,
      let inside = try resultsInside(index, inputs, placements, &run, own)
    {
      return inside
    }
    let results: [Value]
    do {
      results = try operation.typedForward(inputs, own)
    } catch {
      throw GraphError(node: node.name, error)
    }
    try check(node, makes: results.count)
    return results
  }

  /// - Throws: `GraphError` where the file wants more of a node than its operator makes.
  func check(_ node: Node, makes count: Int) throws(GraphError) {
    guard let unmade = node.outputs.dropFirst(count).first(where: { !$0.isEmpty }) else { return }
    throw GraphError(
      node: node.name, "\(node.opType) makes \(count) outputs, \(unmade) is not among them")
  }

  /// The placements by site.
  func bySite(_ placements: [Placement]) throws(GraphError) -> [String: Placement] {
    var bySite: [String: Placement] = [:]
    let sites = Set(graph.inputs.map(\.name)).union(graph.nodes.flatMap(\.outputs))
    for placement in placements {
      guard sites.contains(placement.site), !placement.site.isEmpty else {
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
    var names = Set(wanted)
    var unmade = names.subtracting(graph.constants.keys).subtracting(graph.inputs.map(\.name))
    var needed = Set<Int>()
    for index in graph.nodes.indices.reversed() {
      let outputs = graph.nodes[index].outputs.filter { !$0.isEmpty }
      guard outputs.contains(where: names.contains) else { continue }
      needed.insert(index)
      unmade.subtract(outputs)
      names.formUnion(graph.nodes[index].inputs)
    }
    if let name = unmade.sorted().first { throw GraphError("no value \(name) in the graph") }
    return needed
  }
}
