public import NeuralNet

extension Experiment {
  /// The value that a Dropout node of the model's own makes, by the node's name.
  /// - Throws: `GraphError` that lists those there are, where it is none.
  public func ownDropout(named name: String) throws(GraphError) -> String {
    let own = nodes.filter { $0.ownDropout != nil }
    let value = subject.network.graph.value(named: name)
    if let node = own.first(where: { $0.name == name || $0.value == name || $0.value == value }) {
      return node.value
    }
    let names = own.isEmpty ? "none here" : own.map(\.name).joined(separator: ", ")
    throw GraphError("without: expected a Dropout node (\(names)), found \(name)")
  }
}
