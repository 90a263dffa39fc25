public import TensorCore

extension Network {
  /// What each node will make, worked out by the operators' shape rules without computing.
  public struct Signature: Sendable {
    /// What is known of each value, by name.
    public var values: [String: ValueInfo]
    /// Multiply-adds of each node, in the graph's order; 0 where a node's shapes are not known.
    public var multiplyAdds: [Int]
    /// What went wrong at each node that has no shape, in the graph's order.
    public var errors: [GraphError]
  }

  /// The shapes of all values for inputs of given shapes. A node that cannot be worked out is noted,
  /// and so is everything below it.
  public func signature(inputs: [String: Shape]) -> Signature {
    var known = graph.constants.mapValues { ValueInfo(constant: $0) }
    for input in graph.inputs {
      known[input.name] = inputs[input.name].map { ValueInfo($0, type: input.type) }
    }
    var multiplyAdds: [Int] = []
    var errors: [GraphError] = []
    for (index, node) in graph.nodes.enumerated() {
      multiplyAdds.append(0)
      let unknown = node.inputs.first { !$0.isEmpty && known[$0] == nil }
      do {
        if let unknown { throw GraphError(node: node.name, "the shape of \(unknown) is not known") }
        let inputs = Inputs(node.opType, node.inputs.map { known[$0] })
        let operation = try operators[index].get()
        let outputs = try operation.outputs(for: inputs)
        for (name, info) in zip(node.outputs, outputs) where !name.isEmpty { known[name] = info }
        multiplyAdds[index] = operation.multiplyAdds(inputs: inputs, outputs: outputs)
      } catch let error as GraphError {
        errors.append(error)
      } catch {
        errors.append(GraphError(node: node.name, "\(error)"))
      }
    }
    return Signature(values: known, multiplyAdds: multiplyAdds, errors: errors)
  }
}
