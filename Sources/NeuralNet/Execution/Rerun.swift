public import Masks
import TensorCore

/// What lies below the sites of some dropouts, ready to be computed again from a run without them:
/// which nodes and in which order is worked out once for many runs that differ in their numbers alone.
public struct Rerun: Sendable {
  private let network: Network
  private let placements: [String: Placement]
  /// The clean run without the values that do not hold below the sites.
  private let start: Activations
  /// The sites that keep their clean value until the dropout; the others are met on the way.
  private let first: [String]
  private let nodes: [Int]
  /// Values that nobody asks for, by the node that reads them last.
  private let lastReads: [Int: [String]]

  /// Keeps of a run without placements everything above them; nodes that run left out are computed
  /// where they are wanted now. What is computed and not wanted is let go after its last reader.
  /// - Throws: `GraphError` where a name is not in the graph.
  public init(
    _ network: Network, from clean: Activations, wanted: [String]? = nil, placements: [Placement]
  ) throws(GraphError) {
    precondition(clean.masks.isEmpty, "a rerun starts from a run without placements")
    let placements = try network.bySite(placements)
    // What changes because a site above it did; and nodes the clean run has no result of.
    var changed = Set<String>()
    var stale = Set<Int>()
    for (index, node) in network.graph.nodes.enumerated() {
      let isBelow = node.inputs.contains { placements[$0] != nil || changed.contains($0) }
      let isMissing = node.outputs.contains { !$0.isEmpty && clean.values[$0] == nil }
      let isInside = node.outputs.contains { placements[$0]?.dropout.kind.target == .weights }
      guard isBelow || isMissing || isInside else { continue }
      stale.insert(index)
      changed.formUnion(node.outputs.filter { !$0.isEmpty })
    }
    var start = clean
    start.computed = []
    // No value of the clean run may pass for one of this run.
    for name in changed { start.values[name] = nil }
    (self.network, self.placements, self.start) = (network, placements, start)
    first = placements.keys.filter { !changed.contains($0) }.sorted()
    let nodes = stale.intersection(try network.nodesNeeded(wanted)).sorted()
    lastReads = wanted.map { Rerun.lastReads(of: nodes, in: network.graph, wanted: $0) } ?? [:]
    self.nodes = nodes
  }

  private static func lastReads(
    of nodes: [Int], in graph: Graph, wanted: [String]
  ) -> [Int: [String]] {
    var kept = Set(wanted)
    let made = Set(nodes.flatMap { graph.nodes[$0].outputs })
    var lastReads: [Int: [String]] = [:]
    for index in nodes.reversed() {
      let node = graph.nodes[index]
      for name in node.inputs + node.outputs where made.contains(name) {
        if kept.insert(name).inserted { lastReads[index, default: []].append(name) }
      }
    }
    return lastReads
  }

  /// Draws and computes.
  /// - Parameter step: the step all numbers are drawn at; nil leaves those of the placements and of
  ///   the context
  /// - Throws: `GraphError` where a node cannot be computed or a kind cannot act at its site.
  public func run(
    step: UInt32? = nil, context: RunContext = RunContext(mode: .train)
  ) throws(GraphError) -> Activations {
    var (placements, context) = (placements, context)
    if let step {
      context.stream.step = step
      for site in placements.keys { placements[site]?.stream.step = step }
    }
    var run = start
    for site in first {
      guard let placement = placements[site] else { continue }
      try run.place(placement, mode: context.mode)
    }
    try network.compute(
      nodes, in: &run, placements: placements, context: context, lastReads: lastReads)
    return run
  }
}
