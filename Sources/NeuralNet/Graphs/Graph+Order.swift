extension Graph {
  /// Nodes in an order in which each comes after the makers of what it reads; a list that is in such
  /// an order already stays as it is. Depth first, with a stack of its own: a file's nodes may form a
  /// chain longer than the thread's stack is deep. O(nodes + edges).
  /// - Throws: `GraphError` where a name is made twice, read but never made, or made from itself.
  static func sorted(_ nodes: [Node], known: Set<String>) throws(GraphError) -> [Node] {
    let makers = try makers(of: nodes, known: known)
    var sources: [[Int]] = []
    for node in nodes {
      var own: [Int] = []
      for input in node.inputs + node.bodyReads
      where !input.isEmpty && !known.contains(input) {
        guard let maker = makers[input] else {
          throw GraphError(node: node.name, "reads \(input), which nothing makes")
        }
        own.append(maker)
      }
      sources.append(own)
    }

    enum Visit { case new, open, done }
    var states = [Visit](repeating: .new, count: nodes.count)
    var order: [Node] = []
    order.reserveCapacity(nodes.count)
    for root in nodes.indices where states[root] == .new {
      // Each entry is a node and how many of its sources have been followed.
      var path = [(node: root, followed: 0)]
      states[root] = .open
      while let (node, followed) = path.last {
        guard followed < sources[node].count else {
          states[node] = .done
          order.append(nodes[node])
          path.removeLast()
          continue
        }
        path[path.count - 1].followed += 1
        let source = sources[node][followed]
        switch states[source] {
        case .done: break
        case .open: throw GraphError(node: nodes[source].name, "is part of a cycle")
        case .new:
          states[source] = .open
          path.append((source, 0))
        }
      }
    }
    return order
  }

  /// The index of the node that makes each value.
  private static func makers(
    of nodes: [Node], known: Set<String>
  ) throws(GraphError) -> [String: Int] {
    var makers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard makers.updateValue(index, forKey: output) == nil, !known.contains(output) else {
          throw GraphError(node: node.name, "makes \(output), which is already there")
        }
      }
    }
    return makers
  }
}
