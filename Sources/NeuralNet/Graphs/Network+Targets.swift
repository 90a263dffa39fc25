public import Masks
public import TensorCore

extension Network {
  /// The constants of the node that makes a value which dropout with a target acts on; nil where it has
  /// none.
  public func parameters(ofNodeMaking value: String, for target: Target) -> Tensor? {
    graph.producerIndex(of: value).flatMap { parameters(of: $0, for: target)?.tensor }
  }

  /// The values where dropout with a target can act, in the graph's order, inputs first.
  ///
  /// Learned numbers are those of the node that makes the value; a pool is one that reads it.
  public func sites(for target: Target) -> [String] {
    let inputs = graph.inputs.map(\.name)
    switch target {
    case .input: return inputs
    case .activation: return inputs + graph.nodes.compactMap(\.result)
    case .weights, .recurrentWeights, .embedding:
      return graph.nodes.indices.filter { parameters(of: $0, for: target) != nil }
        .compactMap { graph.nodes[$0].result }
    case .attention:
      return graph.nodes.indices.filter(isAttention).compactMap { graph.nodes[$0].outputs.first }
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

  /// Whether a node makes the probabilities of an attention: a softmax that weighs a sum of values, be
  /// there dropout, a change of shape or of type between. O(nodes in between).
  private func isAttention(_ index: Int) -> Bool {
    guard graph.nodes[index].opType == Softmax.opType, var value = graph.nodes[index].outputs.first
    else { return false }
    while let reader = graph.readers(of: value).first {
      let node = graph.nodes[reader]
      if node.opType == MatMul.opType || node.opType == Einsum.opType {
        return node.inputs.allSatisfy { graph.constants[$0] == nil }
      }
      let passes = [.dropout, .reshape].contains(role(of: reader)) || node.opType == Cast.opType
      guard passes, let next = node.outputs.first, !next.isEmpty else { return false }
      value = next
    }
    return false
  }

  /// The constants of a node that dropout with a target acts on, and which of its inputs they are; nil for
  /// a node without any.
  func parameters(of index: Int, for target: Target) -> (input: Int, tensor: Tensor)? {
    guard let operation = try? operators[index].get(),
      let input = operation.parameters[target],
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
    if sites.contains(placement.site) {
      guard let kind = kind as? any ParameterDropout, kind.isPerSample,
        let maker = graph.producerIndex(of: placement.site),
        (try? operators[maker].get()) is any RecurrentOperator
      else { return }
      throw GraphError(
        "\(kind.name) dropout at \(name(of: placement.site)): expected one mask a batch for a "
          + "recurrent layer, found a mask for each sample")
    }
    let names = sites.isEmpty ? "none here" : sites.map(name(of:)).joined(separator: ", ")
    throw GraphError(
      "\(kind.name) dropout acts on \(kind.target.need): expected \(names), "
        + "found \(name(of: placement.site))")
  }

  /// The name a person uses for a value: its node's, or its own.
  private func name(of value: String) -> String { graph.producer(of: value)?.name ?? value }
}
