import Masks
import TensorCore

extension Trainer {
  /// The graph with the weights as they are now, for inference: with `Scaling.weight` whatever reads a
  /// dropped value has its weights × keep, or a Mul node before it, for ONNX's Dropout does nothing in
  /// inference. Its metadata says so.
  public var graph: Graph {
    get throws(GraphError) {
      var constants = original.constants
      for (name, tensor) in weights { constants[name] = .float32(tensor) }
      var graph = try original.with(constants: constants)
      let network = Network(original)
      var waiting: [(value: String, keep: Double)] = []
      if scaling == .weight {
        waiting += network.ownDropouts.compactMap { own in
          own.rate.map { (own.output, $0.keep) }
        }
      }
      for (site, dropout) in dropouts.sorted(by: { $0.key < $1.key })
      where dropout.scaling == .weight && dropout.kind.takesScaling {
        waiting.append((site, dropout.rate.keep))
      }
      waiting.removeAll { $0.keep == 1 }
      for (value, keep) in waiting { graph = try graph.scalingReaders(of: value, by: Float(keep)) }
      if !waiting.isEmpty {
        graph.metadata["dropout_scaling"] =
          "weights behind "
          + waiting.map { "\($0.value) × \($0.keep)" }.joined(separator: ", ")
          + ": nothing was scaled in training"
      }
      return graph
    }
  }
}

extension Graph {
  /// The same graph with other constants and nodes.
  func with(
    constants: [String: Value], nodes: [Node]? = nil
  ) throws(GraphError) -> Graph {
    try Graph(
      name: name, inputs: inputs, outputs: outputs, constants: constants,
      nodes: nodes ?? self.nodes,
      opsets: opsets, metadata: metadata)
  }

  /// The graph in which whatever reads `value` gets it × `factor`: weights that alone read it are
  /// scaled, before other readers a Mul is put.
  func scalingReaders(of value: String, by factor: Float) throws(GraphError) -> Graph {
    let network = Network(self)
    let readers = self.nodes.indices.filter { self.nodes[$0].inputs.contains(value) }
    let weights = readers.compactMap { index -> String? in
      guard let found = network.weights(of: index), self.nodes[index].inputs[0] == value else {
        return nil
      }
      return self.nodes[index].inputs[found.input]
    }
    var constants = constants
    let isShared =
      self.nodes.reduce(0) { $0 + $1.inputs.count(where: weights.contains) } > weights.count
    if weights.count == readers.count, !isShared, !outputs.contains(value) {
      for name in weights {
        guard case .float32(let tensor)? = constants[name] else { continue }
        constants[name] = .float32(tensor.map { $0 * factor })
      }
      return try with(constants: constants)
    }
    let (scaled, keep) = (unused("\(value).scaled"), unused("\(value).keep"))
    constants[keep] = .float32(Tensor(scalar: factor))
    var nodes = nodes
    for index in readers {
      nodes[index].inputs = nodes[index].inputs.map { $0 == value ? scaled : $0 }
    }
    nodes.append(Node("Mul", inputs: [value, keep], outputs: [scaled]))
    return try with(constants: constants, nodes: nodes)
  }

  /// A name that no value has, made from one that may be taken.
  func unused(_ name: String) -> String {
    let taken = Set(constants.keys).union(inputs.map(\.name)).union(nodes.flatMap(\.outputs))
    var free = name
    while taken.contains(free) { free += "_" }
    return free
  }
}
