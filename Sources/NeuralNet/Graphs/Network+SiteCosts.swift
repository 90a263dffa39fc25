import TensorCore

extension Network {
  /// `cost(of:in:)` of a dropout at each of some values by itself, without the lists of nodes: chains
  /// cost O(nodes); where paths part and meet again, O(nodes / 64) more for each parting.
  /// - Parameter values: names of values of the graph
  /// - Throws: `GraphError` where there is not the memory to keep the partings apart.
  public func costs(
    ofEach values: [String], in signature: Signature
  ) throws(GraphError) -> [Cost] {
    let total = signature.multiplyAdds.reduce(0, +)
    var below = BelowSums(self, signature.multiplyAdds)
    let wanted = Set(values)
    var recomputed: [String: Int] = [:]
    do {
      for index in graph.nodes.indices.reversed() {
        for name in graph.nodes[index].outputs where wanted.contains(name) {
          recomputed[name] = try below.sum(below: [name])
        }
        try below.add(index)
      }
      for input in graph.inputs where wanted.contains(input.name) {
        recomputed[input.name] = try below.sum(below: [input.name])
      }
    } catch {
      throw GraphError(node: nil, error)
    }
    return values.map { Cost(nodes: [], recomputed: recomputed[$0] ?? 0, total: total) }
  }
}

/// What lies below each node of a graph, and the sum of its costs: worked out from the last node to the
/// first, each from those that read it.
private struct BelowSums {
  private let graph: Graph
  private let costs: [Int]
  /// By node: the sum of the costs below it, and which nodes those are.
  private var sums: [Int]
  private var sets: [Members?]

  /// The nodes below a node: those of a bit set, and a chain of single nodes before them.
  private enum Members {
    /// One node, and all that lies below it.
    case one(Int)
    /// A bit for each node of the graph.
    case bits([UInt64])
  }

  init(_ network: Network, _ costs: [Int]) {
    (graph, self.costs) = (network.graph, costs)
    sums = Array(repeating: 0, count: costs.count)
    sets = Array(repeating: nil, count: costs.count)
  }

  /// Works a node out whose readers are all there.
  mutating func add(_ index: Int) throws(TensorError) {
    let found = try union(readers(of: graph.nodes[index].outputs))
    (sums[index], sets[index]) = found
  }

  /// The sum of what lies below some values.
  func sum(below values: [String]) throws(TensorError) -> Int {
    try union(readers(of: values)).sum
  }

  private func readers(of values: [String]) -> [Int] {
    values.count == 1
      ? graph.readers(of: values[0])
      : Array(Set(values.filter { !$0.isEmpty }.flatMap(graph.readers(of:)))).sorted()
  }

  /// Some nodes together with all that lies below them.
  private func union(_ nodes: [Int]) throws(TensorError) -> (sum: Int, Members?) {
    guard let first = nodes.max(by: { sums[$0] < sums[$1] }) else { return (0, nil) }
    if nodes.count == 1 || isBelow(first, nodes) {
      return (sums[first] + costs[first], .one(first))
    }
    let words = (costs.count + 63) / 64
    try MemoryBudget.reserve(8 * words, in: "costs", for: "what lies below a node")
    var bits = [UInt64](repeating: 0, count: words)
    var sum = 0
    // The largest first, so that the others mostly find what is there already.
    for node in [first] + nodes.filter({ $0 != first }) { include(node, &bits, &sum) }
    return (sum, .bits(bits))
  }

  /// How far a chain is followed to find out whether paths that part there meet again.
  private static let farthest = 64

  /// Whether all of some nodes are the first of them or lie below it, as far as is found out at once.
  private func isBelow(_ first: Int, _ nodes: [Int]) -> Bool {
    var rest = nodes.filter { $0 != first }
    var next: Int? = first
    for _ in 0..<BelowSums.farthest {
      guard let node = next else { return false }
      switch sets[node] {
      case nil: return false
      case .one(let below)?:
        rest.removeAll { $0 == below }
        next = below
      case .bits(let bits)?:
        return rest.allSatisfy { bits[$0 / 64] & (1 << ($0 % 64)) != 0 }
      }
      if rest.isEmpty { return true }
    }
    return false
  }

  /// Adds a node and all below it.
  private func include(_ node: Int, _ bits: inout [UInt64], _ sum: inout Int) {
    var next: Int? = node
    while let node = next {
      let (word, bit) = (node / 64, UInt64(1) << (node % 64))
      // What is there has brought along all that lies below it.
      guard bits[word] & bit == 0 else { return }
      bits[word] |= bit
      sum += costs[node]
      switch sets[node] {
      case nil: return
      case .one(let below)?: next = below
      case .bits(let others)?:
        for word in others.indices {
          var new = others[word] & ~bits[word]
          bits[word] |= new
          while new != 0 {
            sum += costs[word * 64 + new.trailingZeroBitCount]
            new &= new - 1
          }
        }
        return
      }
    }
  }
}
