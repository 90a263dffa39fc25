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
  /// Learned numbers that the node or its bodies read.
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
    let index = graph.index
    let outputs = Set(graph.outputs.compactMap { index.numbers[$0] })
    let random = randomParts
    let flowing = followsInputs
    var places = [[Place]](repeating: [], count: index.names.count)
    for site in sensibleSites {
      if let number = index.numbers[site.value] { places[number] = site.places }
    }
    let own = Dictionary(writtenDropouts.map { ($0.output, $0) }) { first, _ in first }
    var parameters = [Int](repeating: 0, count: index.names.count)
    for (name, count) in parameterCounts {
      if let number = index.numbers[name] { parameters[number] = count }
    }

    func row(_ number: Int?, name: String, node: Int?) -> NetworkRow {
      let value = number.map { index.names[$0] } ?? ""
      let found = activations?[value].map { ValueInfo($0.shape, type: $0.type) }
      let info = found ?? number.flatMap { signature.values[$0] }
      let isActivation = info.map { $0.type.isFloat && $0.shape.rank > 0 } ?? false
      let isRead = number.map { !index.readers[$0].isEmpty || outputs.contains($0) } ?? false
      let reads = node.map { index.reads[$0] } ?? []
      return NetworkRow(
        node: node, name: name, opType: node.map { graph.nodes[$0].opType }, value: value,
        shape: info?.shape, parameters: reads.reduce(0) { $0 + ($1.map { parameters[$0] } ?? 0) },
        multiplyAdds: node.map { signature.multiplyAdds[$0] } ?? 0, ownDropout: own[value],
        canTakeDropout: isActivation && isRead && (number.map { flowing[$0] } ?? false),
        isSupported: node.map { random.contains($0) || (try? operators[$0].get()) != nil } ?? true,
        places: info?.type.isFloat ?? true ? number.map { places[$0] } ?? [] : [])
    }

    func row(_ inner: InnerValue, node: Int) -> NetworkRow {
      var row = row(index.numbers[inner.name], name: inner.name, node: node)
      (row.opType, row.isInside) = (inner.opType, true)
      (row.parameters, row.multiplyAdds) = (0, 0)
      row.canTakeDropout = row.shape.map { $0.rank > 0 } ?? false
      return row
    }

    return graph.inputs.enumerated().map { row($0, name: $1.name, node: nil) }
      + graph.nodes.indices.map { node in
        row(
          index.makes[node].lazy.compactMap { $0 }.first, name: graph.distinctName(ofNode: node),
          node: node)
      }
      + graph.nodes.enumerated().flatMap { index, node in
        node.shown.map { row($0, node: index) }
      }
  }

  /// By number whether a value's numbers follow those of the inputs: neither constants and what is made of them
  /// nor shapes and what is made of those.
  private var followsInputs: [Bool] {
    let index = graph.index
    var flowing = index.names.indices.map { $0 < graph.inputs.count }
    for node in graph.nodes.indices
    where index.reads[node].contains(where: { $0.map { flowing[$0] } ?? false }) {
      if (try? operators[node].get()) is ShapeOperator { continue }
      for case let number? in index.makes[node] { flowing[number] = true }
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
