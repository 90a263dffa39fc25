public import Masks
public import TensorCore

extension Network {
  /// The constant weights of the node that makes a value; nil where it has none.
  public func weights(ofNodeMaking value: String) -> Tensor? {
    graph.producerIndex(of: value).flatMap { weights(of: $0)?.tensor }
  }

  /// The values where dropout with a target can act, in the graph's order, inputs first.
  ///
  /// Weights are those of the node that makes the value; a pool is one that reads it.
  public func sites(for target: Target) -> [String] {
    let inputs = graph.inputs.map(\.name)
    switch target {
    case .input: return inputs
    case .activation: return inputs + graph.nodes.compactMap { $0.outputs.first }
    case .weights:
      return graph.nodes.indices.filter { weights(of: $0) != nil }
        .compactMap { graph.nodes[$0].outputs.first }
    case .pool:
      let read = Set(graph.nodes.indices.filter(isPool).compactMap { graph.nodes[$0].inputs.first })
      return (inputs + graph.nodes.compactMap { $0.outputs.first }).filter(read.contains)
    }
  }

  /// The result of the first max-pool that reads a value; nil where none does.
  public func poolResult(reading value: String) -> String? {
    graph.readers(of: value).first { graph.nodes[$0].inputs.first == value && isPool($0) }
      .flatMap { graph.nodes[$0].outputs.first }
  }

  /// Whether a node is a pool inside which dropout can act.
  private func isPool(_ index: Int) -> Bool {
    (try? operators[index].get()) is any PoolWithDropout
  }

  /// The constant weights of a node, and which of its inputs they are; nil for a node without any.
  func weights(of index: Int) -> (input: Int, tensor: Tensor)? {
    guard let operation = try? operators[index].get(),
      let input = type(of: operation).weightInput,
      graph.nodes[index].inputs.indices.contains(input),
      let tensor = graph.constants[graph.nodes[index].inputs[input]]?.tensor,
      tensor.shape.rank >= 2
    else { return nil }
    return (input, tensor)
  }

  /// - Throws: `GraphError` that says where a dropout with this target could act, where it cannot act
  ///   at the site.
  public func check(_ placement: Placement) throws(GraphError) {
    let kind = placement.dropout.kind
    guard kind.target != .activation else { return }
    let sites = sites(for: kind.target)
    guard !sites.contains(placement.site) else { return }
    let names = sites.isEmpty ? "none here" : sites.map(name(of:)).joined(separator: ", ")
    throw GraphError(
      "\(kind.name) dropout acts on \(kind.target.need): expected \(names), "
        + "found \(name(of: placement.site))")
  }

  /// The name a person uses for a value: its node's, or its own.
  private func name(of value: String) -> String { graph.producer(of: value)?.name ?? value }
}
