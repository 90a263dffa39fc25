public import Masks
import TensorCore

extension Graph {
  /// The graph with dropout at another rate at a site, or with dropout where there was none.
  ///
  /// A site that is a Dropout node, or a value that only a Dropout node reads, gets its ratio changed.
  /// Any other value gets a Dropout node of its own, so that the model that is written has it too.
  /// - Parameter site: a node's name, or a value's
  /// - Throws: `GraphError` where there is no such site.
  public func droppingAt(_ site: String, rate: Rate) throws(GraphError) -> Graph {
    guard let value = value(named: site) else {
      let names = inputs.map(\.name) + nodes.map(\.name)
      throw GraphError("rate: expected one of \(names.joined(separator: ", ")), found \(site)")
    }
    let network = Network(self)
    let own = network.ownDropouts
    let readers = self.nodes.indices.filter { self.nodes[$0].inputs.contains(value) }
    let above = own.filter { $0.site == value }
    let isOnlyDropped = above.count == 1 && readers.allSatisfy { network.role(of: $0) == .dropout }
    if let there = own.first(where: { $0.output == value || $0.result == value })
      ?? (isOnlyDropped ? above.first : nil)
    {
      return try settingRatio(of: there.output, rate)
    }
    let dropped = unused("\(value).dropout")
    var nodes = nodes
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == value ? dropped : $0 }
    }
    nodes.append(Node("Dropout", inputs: [value], outputs: [dropped]))
    return try with(constants: constants, nodes: nodes).settingRatio(of: dropped, rate)
  }

  /// The graph with another ratio in the Dropout node that makes a value.
  private func settingRatio(of value: String, _ rate: Rate) throws(GraphError) -> Graph {
    var (nodes, constants) = (nodes, constants)
    for index in nodes.indices where nodes[index].outputs.first == value {
      if opset < 12 {
        nodes[index].attributes["ratio"] = .float(Float(rate.p))
      } else {
        let name = unused("\(value).ratio")
        constants[name] = .float32(Tensor(scalar: Float(rate.p)))
        let rest = nodes[index].inputs.dropFirst(2)
        nodes[index].inputs = [nodes[index].inputs[0], name] + rest
      }
    }
    return try with(constants: constants, nodes: nodes)
  }
}
