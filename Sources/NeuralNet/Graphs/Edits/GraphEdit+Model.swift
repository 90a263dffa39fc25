import Masks
public import TensorCore

extension GraphEdit {
  /// Lets whatever reads `value` read it × `factor`: weights that alone read it are scaled, before
  /// other readers a Mul is put.
  /// - Throws: `GraphError` where it is an input that a body reads.
  public mutating func scaleReaders(of value: String, by factor: Float) throws(GraphError) {
    let readers = readers(of: value)
    let weights = readers.compactMap { index -> String? in
      guard let found = parameters(of: index, for: .weights),
        nodes[index].inputs[0] == value
      else { return nil }
      return nodes[index].inputs[found.input]
    }
    let isShared = Set(weights).contains { name in
      bodyReader(of: name) != nil
        || self.readers(of: name).reduce(0) { $0 + nodes[$1].inputs.count { $0 == name } }
          > weights.count { $0 == name }
    }
    if weights.count == readers.count, !isShared, !outputs.contains(value) {
      for name in Set(weights) {
        guard let old = constants[name], let numbers = old.tensor else { continue }
        let scaled = Value.float32(numbers.map { $0 * factor })
        constants[name] = (try? Value(scaled, as: old.type)) ?? scaled
      }
      return
    }
    let keep = constant("\(value).keep", GraphEdit.number(factor, info(value)?.type ?? .float32))
    let edge = try open(value, named: "\(value).scaled")
    let node = Node("Mul", inputs: [edge.clean, keep], outputs: [edge.result])
    insert(node, after: producer(of: edge.clean))
  }

  /// Gives constants other numbers, each in the type it has.
  public mutating func setWeights(_ weights: [String: Tensor]) {
    for (name, tensor) in weights {
      guard let old = constants[name] else { continue }
      let value = Value.float32(tensor)
      constants[name] = (try? Value(value, as: old.type)) ?? value
    }
  }

  /// Leaves the first size of each input open where it is that of one sample.
  public mutating func openBatch() {
    changeInputs { input in
      if input.dims.count > 1, input.dims[0] == 1 { input.dims[0] = nil }
    }
  }

  /// Adds an input, one bool, that says whether the graph's Dropout nodes act; what said so before is
  /// no longer asked. An input that is one bool already is taken as it is.
  /// - Throws: `GraphError` before operator set 12, where the name is taken, where there is no Dropout node,
  ///   and where one lies inside a node.
  public mutating func addTrainingInput(_ name: String) throws(GraphError) {
    guard original.opset >= 12 else {
      throw GraphError(
        "training input \(name): expected opset 12 or later, whose Dropout takes one, "
          + "found \(original.opset)")
    }
    let there = inputs.first { $0.name == name }
    let isOne = there.map { $0.type == .bool && $0.dims.allSatisfy { $0 == 1 } } ?? isFree(name)
    guard isOne, !name.isEmpty else {
      throw GraphError(
        "training input: expected a name that is free, found \(name.isEmpty ? "none" : name)")
    }
    let dropouts = remaining.filter { nodes[$0].opType == DropoutOperator.opType }
    if let node = remaining.map({ nodes[$0] }).first(where: \.holdsDropout) {
      throw GraphError(
        node: node.name, "training input \(name) does not reach the Dropout nodes inside it")
    }
    guard !dropouts.isEmpty else {
      throw GraphError("training input \(name): expected a Dropout node to feed it to, found none")
    }
    if there == nil { addInput(Graph.Input(name, type: .bool, dims: [])) }
    for index in dropouts {
      let old = nodes[index].inputs
      setInputs(index, [old[0], old.count > 1 ? old[1] : "", name])
      if old.count > 2 { deleteIfUnread(old[2]) }
    }
  }

  /// The constants of a node that dropout with a target acts on, and which of its inputs they are; nil for
  /// a node without any, and for nodes that were added.
  func parameters(of index: Int, for target: Target) -> (input: Int, tensor: Tensor)? {
    guard network.operators.indices.contains(index),
      let operation = try? network.operators[index].get(),
      let input = operation.parameters[target], nodes[index].inputs.indices.contains(input),
      let tensor = constants[nodes[index].inputs[input]]?.tensor, tensor.shape.rank >= 2
    else { return nil }
    return (input, tensor)
  }
}

extension Node {
  /// Whether there is a Dropout node in a graph that it holds.
  fileprivate var holdsDropout: Bool {
    bodies.contains { _, body in
      body.graph.nodes.contains { $0.opType == DropoutOperator.opType || $0.holdsDropout }
    }
  }
}
