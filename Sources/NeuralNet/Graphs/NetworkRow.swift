public import TensorCore

/// One line of a network's table: an input or a node, with what it makes and costs and what can be
/// done there.
public struct NetworkRow: Equatable, Sendable {
  /// The node's index in the graph; nil for an input.
  public var node: Int?
  /// What a person calls it: the node's name (`conv#2` where several share it) or the input's.
  public var name: String
  /// The ONNX operator; nil for an input.
  public var opType: String?
  /// The value it makes first.
  public var value: String
  /// The value's shape; nil where it is not known.
  public var shape: Shape?
  /// Learned numbers the node reads itself.
  public var parameters: Int
  /// The node's multiply-adds; 0 where its shapes are not known.
  public var multiplyAdds: Int
  /// The dropout of the model's own that the node is.
  public var ownDropout: WrittenDropout?
  /// Whether dropout can be put on the value: it is an activation of floats with axes that follows the
  /// network's inputs and is read or asked for.
  public var canTakeDropout: Bool
  /// False where the node's operator is missing or its attributes make no sense.
  public var isSupported: Bool
  /// What the edge lies between, where people put dropout there; empty elsewhere.
  public var places: [Network.Place]
  /// Whether the value is one inside the node.
  public var isInside = false
}

extension Network {
  /// The network as a table: its inputs, its nodes in the graph's order, then what is shown inside nodes.
  /// - Parameters:
  ///   - signature: types, shapes and multiply-adds
  ///   - activations: a run whose shapes are shown where it has a value
  public func rows(_ signature: Signature, activations: Activations? = nil) -> [NetworkRow] {
    let outputs = Set(graph.outputs)
    let random = randomParts
    let flowing = valuesFollowingInputs
    let places = Dictionary(sensibleSites.map { ($0.value, $0.places) }) { first, _ in first }
    let own = Dictionary(writtenDropouts.map { ($0.output, $0) }) { first, _ in first }
    let parameters = parameterCounts

    func row(_ value: String, name: String, node: Int?) -> NetworkRow {
      let found = activations?[value].map { ValueInfo($0.shape, type: $0.type) }
      let info = found ?? signature.values[value]
      let isActivation = info.map { $0.type.isFloat && $0.shape.rank > 0 } ?? false
      let isRead = !graph.readers(of: value).isEmpty || outputs.contains(value)
      return NetworkRow(
        node: node, name: name, opType: node.map { graph.nodes[$0].opType }, value: value,
        shape: info?.shape,
        parameters: node.map { graph.nodes[$0].inputs.reduce(0) { $0 + (parameters[$1] ?? 0) } }
          ?? 0,
        multiplyAdds: node.map { signature.multiplyAdds[$0] } ?? 0, ownDropout: own[value],
        canTakeDropout: isActivation && isRead && flowing.contains(value),
        isSupported: node.map { random.contains($0) || (try? operators[$0].get()) != nil } ?? true,
        places: info?.type.isFloat ?? true ? places[value] ?? [] : [])
    }

    func row(_ inner: InnerValue, node: Int) -> NetworkRow {
      var row = row(inner.name, name: inner.name, node: node)
      (row.opType, row.isInside) = (inner.opType, true)
      (row.parameters, row.multiplyAdds) = (0, 0)
      row.canTakeDropout = row.shape.map { $0.rank > 0 } ?? false
      return row
    }

    return graph.inputs.map { row($0.name, name: $0.name, node: nil) }
      + graph.nodes.enumerated().map { index, node in
        row(
          node.result ?? "", name: graph.distinctName(ofNode: index),
          node: index)
      }
      + graph.nodes.enumerated().flatMap { index, node in
        node.shown.map { row($0, node: index) }
      }
  }

  /// The values whose numbers follow those of the inputs: neither constants and what is made of them
  /// nor shapes and what is made of those.
  private var valuesFollowingInputs: Set<String> {
    var flowing = Set(graph.inputs.map(\.name))
    for (index, node) in graph.nodes.enumerated()
    where (node.inputs + node.bodyReads).contains(where: flowing.contains) {
      if (try? operators[index].get()) is ShapeOperator { continue }
      flowing.formUnion(node.outputs.filter { !$0.isEmpty })
    }
    return flowing
  }
}

extension Network {
  /// How many numbers of each constant were learned: the elements of arrays of floats. Whole numbers,
  /// single numbers and what Dropout nodes read beside their value were not.
  public var parameterCounts: [String: Int] {
    var counts: [String: Int] = [:]
    for (name, value) in graph.constants {
      if value.type.isFloat, value.shape.rank > 0 { counts[name] = value.shape.count }
    }
    for node in graph.nodes where node.opType == DropoutOperator.opType {
      for name in node.inputs.dropFirst() { counts[name] = nil }
    }
    return counts
  }
}
