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
  /// bias, itself or through nodes that hand them on: dropout, a transposition, a part. In the order in
  /// which they are first read. What a sum holds below −10⁴ is a mask, and learns nothing.
  var parameters: [Parameter] {
    var found: [Parameter] = []
    var names = Set<String>()
    for (node, operation) in zip(graph.nodes, operators) {
      guard let operation = try? operation.get() as? any TrainableOperator else { continue }
      for (input, axis) in operation.parameterInputs where input < node.inputs.count {
        guard let source = source(of: node.inputs[input], axis: axis),
          case .float32(let tensor)? = graph.constants[source.name], tensor.shape.rank > 0,
          !(operation is Add && tensor.elements.contains { $0 < -1e4 }),
          names.insert(source.name).inserted
        else { continue }
        let rank = tensor.shape.rank
        let isMatrix = rank > 1
        found.append(
          Parameter(
            name: source.name, unitAxis: source.axis.flatMap { isMatrix ? ($0 + rank) % rank : nil }
          ))
      }
    }
    return found
  }

  /// The constant that a value hands on, and which of its axes is the value's; nil where it is none.
  private func source(of value: String, axis: Int?) -> (name: String, axis: Int?)? {
    var (value, axis) = (value, axis)
    for _ in 0..<Network.mostHandedOn {
      if graph.constants[value] != nil { return (value, axis) }
      if let own = patterns.first(where: { $0.result == value }) {
        value = own.site
        continue
      }
      guard let index = graph.producerIndex(of: value), graph.nodes[index].isOfONNX,
        let read = graph.nodes[index].inputs.first
      else { return nil }
      switch graph.nodes[index].opType {
      case "Identity", "Slice": break
      case "Transpose":
        guard case .ints(let order)? = graph.nodes[index].attributes["perm"] else {
          axis = nil
          break
        }
        axis = axis.flatMap { axis in
          let place = axis < 0 ? axis + order.count : axis
          return order.indices.contains(place) ? order[place] : nil
        }
      default: return nil
      }
      value = read
    }
    return nil
  }

  private static let mostHandedOn = 8
}
