public import Masks

extension Network {
  /// What another draw of dropout costs, when only what lies below it is computed again.
  public struct Cost: Equatable, Sendable {
    /// The nodes that are computed again, in the graph's order: those that `run(from:)` computes.
    public var nodes: [Int]
    /// Their multiply-adds.
    public var recomputed: Int
    /// The multiply-adds of a run from scratch.
    public var total: Int

    /// The multiply-adds that need not be done again.
    public var saved: Int { total - recomputed }
    /// The share of the multiply-adds that need not be done again, 0…1; 0 where there are none.
    public var savedShare: Double { total == 0 ? 0 : Double(saved) / Double(total) }
  }

  /// What another draw costs with dropouts at sites, which is to compute again what lies below them.
  /// - Parameters:
  ///   - sites: what the dropout at each value acts on
  ///   - wanted: the values that are asked for; all for nil
  ///   - signature: the network's, for its multiply-adds
  /// - Throws: `GraphError` where a wanted name is not in the graph.
  public func cost(
    of sites: [String: Target], wanted: [String]? = nil, in signature: Signature
  ) throws(GraphError) -> Cost {
    let needed = try nodesNeeded(wanted)
    let nodes = below(sites).nodes.filter(needed.contains)
    return Cost(
      nodes: nodes, recomputed: nodes.reduce(0) { $0 + signature.multiplyAdds[$1] },
      total: needed.reduce(0) { $0 + signature.multiplyAdds[$1] })
  }

  /// What a run cost that kept what it could of another.
  /// - Parameter signature: the network's, for its multiply-adds
  public func cost(of run: Activations, in signature: Signature) -> Cost {
    let costs = signature.multiplyAdds
    return Cost(
      nodes: run.computed, recomputed: run.computed.reduce(0) { $0 + costs[$1] },
      total: costs.reduce(0, +))
  }
}

extension Network {
  /// What dropouts at sites change. Below a site lies what reads it, and what reads that; where a
  /// node's weights are dropped, the node itself too. O(nodes and their inputs).
  /// - Parameter others: nodes that count as changed whatever they read
  /// - Returns: the nodes in the graph's order, and the values they make.
  func below(
    _ sites: [String: Target], and others: [Int] = []
  ) -> (nodes: [Int], values: Set<String>) {
    let index = graph.index
    let others = Set(others)
    var (nodes, values): ([Int], Set<String>) = ([], [])
    // By number: whether a value is below a site, or one.
    var isBelow = [Bool](repeating: false, count: index.names.count)
    var makesInside = Set<Int>()
    for (site, target) in sites {
      guard let number = index.numbers[site] else { continue }
      isBelow[number] = true
      guard let maker = index.makers[number] else { continue }
      if target.isParameter || graph.inner(site) != nil { makesInside.insert(maker) }
    }
    for node in graph.nodes.indices {
      guard
        index.reads[node].contains(where: { $0.map { isBelow[$0] } ?? false })
          || makesInside.contains(node) || others.contains(node)
      else { continue }
      nodes.append(node)
      for case let number? in index.makes[node] {
        isBelow[number] = true
        values.insert(index.names[number])
      }
    }
    return (nodes, values)
  }
}
