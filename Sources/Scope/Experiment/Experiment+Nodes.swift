public import Masks
public import NeuralNet
public import TensorCore

extension Experiment {
  /// A row of the graph: an input, or a node with what it makes.
  public struct Node: Equatable, Sendable {
    /// The value it makes first.
    public var value: String
    /// The name a person uses.
    public var name: String
    /// The operator; `Input` for an input.
    public var opType: String
    /// The shape of the value; nil where it could not be computed.
    public var shape: Shape?
    /// Learned numbers among what it reads.
    public var parameters: Int
    /// Multiply-adds it costs.
    public var multiplyAdds: Int
    /// Whether it is a Dropout node of the model's own.
    public var isDropout: Bool
    /// The rate of that; nil where only a run can tell.
    public var rate: Rate?
  }

  /// The value that a Dropout node of the model's own makes, by the node's name.
  /// - Throws: `GraphError` that lists those there are, where it is none.
  public func ownDropout(named name: String) throws(GraphError) -> String {
    let own = nodes.filter(\.isDropout)
    if let node = own.first(where: { $0.name == name || $0.value == name }) { return node.value }
    let names = own.isEmpty ? "none here" : own.map(\.name).joined(separator: ", ")
    throw GraphError("without: expected a Dropout node (\(names)), found \(name)")
  }

  /// The graph's inputs and nodes, but for constants.
  static func nodes(of network: Network, in run: Activations, _ multiplyAdds: [Int]) -> [Node] {
    let graph = network.graph
    let own = Dictionary(
      network.ownDropouts.map { ($0.output, $0.rate) }, uniquingKeysWith: { first, _ in first })
    let inputs = graph.inputs.map { input in
      Node(
        value: input.name, name: input.name, opType: "Input", shape: run.values[input.name]?.shape,
        parameters: 0, multiplyAdds: 0, isDropout: false)
    }
    return inputs
      + graph.nodes.indices.filter { graph.nodes[$0].opType != "Constant" }.compactMap { index in
        let node = graph.nodes[index]
        guard let value = node.outputs.first(where: { !$0.isEmpty }) else { return nil }
        let rate = own[value]
        return Node(
          value: value, name: node.name, opType: node.opType, shape: run.values[value]?.shape,
          parameters: rate == nil ? graph.parameters(of: node) : 0,
          multiplyAdds: multiplyAdds[index], isDropout: rate != nil, rate: rate ?? nil)
      }
  }
}

extension Graph {
  /// Learned numbers among what a node reads.
  fileprivate func parameters(of node: NeuralNet.Node) -> Int {
    node.inputs.reduce(0) { sum, name in
      guard case .float32(let weights)? = constants[name] else { return sum }
      return sum + weights.count
    }
  }
}
