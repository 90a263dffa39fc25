extension Graph {
  /// The graph in which some of its Dropout nodes do nothing, in training either: they become
  /// Identity nodes that make the same values. One whose mask is wanted stays.
  /// - Parameter outputs: the first outputs of the nodes; nil for all
  /// - Throws: `GraphError` never in practice; no name changes.
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
}
