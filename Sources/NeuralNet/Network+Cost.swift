extension Network {
  /// The nodes that are computed again where dropout sits on some values: those that read them,
  /// directly or not. Where it acts on weights, the node that makes the value too.
  public func nodesBelow(_ sites: Set<String>, dropsWeights: Bool = false) -> [Int] {
    var changed = sites
    return graph.nodes.indices.filter { index in
      let node = graph.nodes[index]
      guard
        node.inputs.contains(where: changed.contains)
          || (dropsWeights && node.outputs.contains(where: sites.contains))
      else { return false }
      changed.formUnion(node.outputs.filter { !$0.isEmpty })
      return true
    }
  }
}
