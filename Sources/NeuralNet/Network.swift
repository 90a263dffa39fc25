public import Masks
public import TensorCore

/// A graph with its operators made, ready to run.
public struct Network: Sendable {
  /// The graph.
  public let graph: Graph
  /// What each node of the graph computes, or why it cannot be computed.
  public let operators: [Result<any Operator, GraphError>]

  /// Makes the operators of a graph. An operator that is missing is an error only when a run meets
  /// it, so that the rest of the network can still be looked at.
  public init(_ graph: Graph) {
    self.graph = graph
    operators = graph.nodes.map { node in
      let opset = graph.opsets[node.domain] ?? graph.opset
      return Result { () throws(GraphError) in try OperatorRegistry.make(node, opset: opset) }
    }
  }

  /// Computes values from the graph's inputs: all of them, or what `wanted` needs.
  /// - Parameters:
  ///   - inputs: an array for each of the graph's inputs, by name
  ///   - placements: dropouts on edges; values are stored as their readers see them, after it
  /// - Throws: `GraphError` where an input is missing or misshapen or a node cannot be computed.
  public func run(
    _ inputs: [String: Value], wanted: [String]? = nil, placements: [Placement] = [],
    context: RunContext = RunContext()
  ) throws(GraphError) -> Activations {
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
    let names = Set(placements.map(\.site))
    for input in graph.inputs where names.contains(input.name) {
      try start.place(placements, at: input.name, mode: context.mode)
    }
    let needed = wanted.map(nodesNeeded) ?? Set(graph.nodes.indices)
    return try compute(needed, from: start, placements: placements, context: context)
  }

  /// Computes again what lies below the placements' sites, keeping everything above them from a run
  /// without dropout.
  /// - Throws: `GraphError` where a node cannot be computed or a kind cannot act at its site.
  public func run(
    from clean: Activations, wanted: [String]? = nil, placements: [Placement],
    context: RunContext = RunContext(mode: .train)
  ) throws(GraphError) -> Activations {
    var start = clean
    start.masks = [:]
    start.computedNodes = 0
    let sites = Set(placements.map(\.site))
    // Sites whose value does not change by another site above them are placed on the clean value.
    var changed = Set<String>()
    var below = Set<Int>()
    for (index, node) in graph.nodes.enumerated()
    where node.inputs.contains(where: { sites.contains($0) || changed.contains($0) }) {
      below.insert(index)
      changed.formUnion(node.outputs)
    }
    for site in sites.subtracting(changed) {
      guard clean.values[site] != nil else {
        throw GraphError("no value \(site) to put dropout on")
      }
      try start.place(placements, at: site, mode: context.mode)
    }
    let needed = wanted.map(nodesNeeded) ?? Set(graph.nodes.indices)
    return try compute(
      below.intersection(needed), from: start, placements: placements, context: context)
  }

  private func compute(
    _ needed: Set<Int>, from start: Activations, placements: [Placement], context: RunContext
  ) throws(GraphError) -> Activations {
    var run = start
    let sites = Set(placements.map(\.site))
    for (index, node) in graph.nodes.enumerated() where needed.contains(index) {
      var own = context
      own.stream.site = RandomStream.site(named: node.name)
      let inputs = Inputs(node.opType, node.inputs.map { run.values[$0] })
      do {
        let results = try operators[index].get().forward(inputs, own)
        for (name, value) in zip(node.outputs, results) where !name.isEmpty {
          run.values[name] = value
        }
      } catch let error as GraphError {
        throw error
      } catch {
        throw GraphError(node: node.name, "\(error)")
      }
      run.computedNodes += 1
      for name in node.outputs where sites.contains(name) {
        try run.place(placements, at: name, mode: context.mode)
      }
    }
    return run
  }

  /// The nodes that the values of these names depend on.
  private func nodesNeeded(_ wanted: [String]) -> Set<Int> {
    var names = Set(wanted)
    var needed = Set<Int>()
    for index in graph.nodes.indices.reversed()
    where graph.nodes[index].outputs.contains(where: names.contains) {
      needed.insert(index)
      names.formUnion(graph.nodes[index].inputs)
    }
    return needed
  }
}

/// Every value of a run by name, and the masks that were used.
public struct Activations: Sendable {
  /// Values by name; at a site, as its readers see it: after the dropout.
  public internal(set) var values: [String: Value]
  /// The mask at each site.
  public internal(set) var masks: [String: Mask] = [:]
  /// How many nodes this run computed; the others were kept from the run it started from.
  public internal(set) var computedNodes = 0

  init(values: [String: Value]) { self.values = values }

  /// The activation called `name`, nil where there is none or it holds no float32.
  public func tensor(_ name: String) -> Tensor? {
    guard case .float32(let tensor)? = values[name] else { return nil }
    return tensor
  }

  fileprivate mutating func place(
    _ placements: [Placement], at site: String, mode: Mode
  ) throws(GraphError) {
    for placement in placements where placement.site == site {
      guard let clean = tensor(site) else {
        throw GraphError("\(site) holds no float32 to put dropout on")
      }
      do {
        let mask = try placement.dropout.mask(
          layout: NCHW(clean.shape), stream: placement.stream)
        masks[site] = mask
        values[site] = .float32(placement.dropout.apply(clean, mask: mask, mode: mode))
      } catch {
        throw GraphError("dropout at \(site): \(error)")
      }
    }
  }
}

extension Graph.Input {
  /// `[N,1,28,28]`, with `?` for open sizes.
  public var shapeText: String {
    "[" + dims.map { $0.map(String.init) ?? "?" }.joined(separator: ",") + "]"
  }

  /// Whether an array of `shape` may be given.
  public func accepts(_ shape: Shape) -> Bool {
    shape.rank == dims.count && zip(dims, shape.dims).allSatisfy { $0 == nil || $0 == $1 }
  }
}
