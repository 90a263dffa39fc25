import TensorCore

/// A constant of a graph that training changes.
struct Parameter: Sendable {
  /// The constant's name.
  let name: String
  /// The axis along which units or feature maps lie; nil for a bias.
  let unitAxis: Int?
}

extension Network {
  /// The float32 constants of rank 1 or more that a node reads where its operator has weights or a
  /// bias, itself or through a Dropout node, in the order in which they are first read.
  var parameters: [Parameter] {
    var found: [Parameter] = []
    var names = Set<String>()
    let dropouts = graph.nodes.filter { $0.opType == DropoutOperator.opType }
    let droppedFrom = Dictionary(
      dropouts.compactMap { node in
        node.inputs.first.map { (node.outputs.first ?? "", $0) }
      }
    ) { first, _ in first }
    for (node, operation) in zip(graph.nodes, operators) {
      guard let operation = try? operation.get() as? any TrainableOperator else { continue }
      for (input, axis) in operation.parameterInputs where input < node.inputs.count {
        let read = node.inputs[input]
        let name = graph.constants[read] == nil ? droppedFrom[read] ?? read : read
        guard case .float32(let tensor)? = graph.constants[name], tensor.shape.rank > 0,
          names.insert(name).inserted
        else { continue }
        let rank = tensor.shape.rank
        let isMatrix = rank > 1
        found.append(
          Parameter(
            name: name, unitAxis: axis.flatMap { isMatrix ? ($0 + rank) % rank : nil }))
      }
    }
    return found
  }
}
