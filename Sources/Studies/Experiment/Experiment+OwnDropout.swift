public import NeuralNet

extension Experiment {
  /// The value that dropout of the model's own makes, by its node's name.
  /// - Throws: `GraphError` that lists those there are, where it is none.
  public func ownDropout(named name: String) throws(GraphError) -> String {
    try subject.network.ownDropout(named: name, as: "disable-dropout").output
  }
}

extension Network {
  /// The dropout of the model's own that a name means: its node, or the value it makes.
  /// - Parameter option: what the name was given to, for messages
  /// - Throws: `GraphError` that lists those there are, where it is none.
  public func ownDropout(
    named name: String, as option: String
  ) throws(GraphError) -> WrittenDropout {
    let (own, value) = (writtenDropouts, graph.value(named: name))
    let found =
      own.first { $0.output == value || $0.result == value } ?? own.first { $0.node == name }
    if let found { return found }
    let names = own.isEmpty ? "none here" : own.map(\.node).joined(separator: ", ")
    throw GraphError("\(option): expected a Dropout node (\(names)), found \(name)")
  }
}
