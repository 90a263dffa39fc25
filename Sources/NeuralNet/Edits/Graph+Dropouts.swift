public import Masks

extension Graph {
  /// The graph with dropout on edges as nodes of its own: see `GraphEdit.add`.
  /// - Parameter placements: dropouts by the value they act on, one a value at most
  /// - Throws: what `GraphEdit.add` throws.
  public func adding(
    _ placements: [(site: String, dropout: Dropout)]
  ) throws(GraphError) -> Graph {
    try edited { edit throws(GraphError) in
      for (site, dropout) in placements { try edit.add(dropout, at: site) }
    }
  }
}
