public import Masks
import TensorCore

extension Graph {
  /// The graph with dropout on edges as nodes of its own, which any runtime passes over at evaluation
  /// and a training runtime switches on: what is saved of placements.
  ///
  /// Everything that reads a site's value reads it after the dropout, and so does who asks for it as an
  /// output: the value then takes the name `…_clean` and the dropout's result the output's. (An input
  /// that is an output too keeps its name as an input; the output becomes `…_dropout`.) Nodes are
  /// called after the site: `relu1_dropout`. A rate of 0 adds no node.
  /// - Parameter placements: dropouts by the value they act on, one a value at most
  /// - Throws: `GraphError` where there is no such value, the kind cannot act there, or ONNX has no
  ///   words for it: see `DropoutForm`.
  public func adding(
    _ placements: [(site: String, dropout: Dropout)]
  ) throws(GraphError) -> Graph {
    let network = Network(self)
    _ = try network.bySite(
      placements.map { Placement(site: $0.site, dropout: $0.dropout, seed: 0) })
    let known = network.descriptions
    var edit = DropoutEdit(self)
    for (site, dropout) in placements {
      let form = try DropoutForm(dropout, at: site, holding: known[site], in: network)
      guard let form else { continue }
      edit.add(form, at: site, rate: dropout.rate)
    }
    return try edit.graph()
  }
}

extension Network {
  /// What is known of each value whatever its open sizes: its type and rank. Sizes are taken as 1,
  /// which suits an open batch, and where that does not work out as 128, which suits a kernel on open
  /// rows and columns.
  fileprivate var descriptions: [String: ValueInfo] {
    let small = signature(openSizes: 1)
    guard !small.errors.isEmpty else { return small.values }
    return small.values.merging(signature(openSizes: 128).values) { small, _ in small }
  }
}
