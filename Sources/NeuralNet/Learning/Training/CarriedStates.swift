import TensorCore

/// The recurrent layers of a graph whose states go on from batch to batch, with no gradient between them:
/// truncated back-propagation through time (Williams and Peng 1990) for texts longer than a window. Those are
/// all that go forward and whose first states the graph itself does not say.
public struct CarriedStates: Sendable {
  /// One state of a layer.
  struct One: Sendable {
    /// The input that the first state comes by.
    let first: String
    /// What the last one is called.
    let last: String
    /// Whether samples stand before directions.
    let isBatchFirst: Bool
    let units: Int

    func shape(samples: Int) -> Shape { isBatchFirst ? [samples, 1, units] : [1, samples, units] }
  }

  /// The graph with its first states as inputs behind its own, and names for the last ones.
  let graph: Graph
  let all: [One]

  /// None at all.
  init(none graph: Graph) { (self.graph, all) = (graph, []) }

  /// - Throws: `GraphError` where there is no such layer.
  init(of graph: Graph) throws(GraphError) {
    var (nodes, all, inputs) = (graph.nodes, [One](), [Graph.Input]())
    for index in nodes.indices {
      let node = nodes[index]
      guard let states = CarriedStates.states[node.opType], node.isOfONNX,
        case .string("forward") = node.attributes["direction"] ?? .string("forward"),
        node.inputs.count > 2, node.inputs.dropFirst(4).allSatisfy(\.isEmpty),
        let units = graph.recurrentUnits(node), let name = node.result
      else { continue }
      let isBatchFirst = node.attributes["layout"] == .int(1)
      for state in 0..<states {
        let place = 1 + state
        let word = CarriedStates.words[state]
        nodes[index].outputs.fill(place, "\(name).last_\(word)")
        let one = One(
          first: "\(name).first_\(word)", last: nodes[index].outputs[place],
          isBatchFirst: isBatchFirst, units: units)
        nodes[index].inputs.fill(5 + state, one.first)
        inputs.append(
          Graph.Input(one.first, dims: isBatchFirst ? [nil, 1, units] : [1, nil, units]))
        all.append(one)
      }
    }
    guard !all.isEmpty else {
      throw GraphError(
        "expected a recurrent layer that goes forward from states of 0, found none to carry on")
    }
    self.all = all
    self.graph = try Graph(
      name: graph.name, inputs: graph.inputs + inputs, outputs: graph.outputs,
      constants: graph.constants, nodes: nodes, opsets: graph.opsets, metadata: graph.metadata,
      axisNames: graph.axisNames, operators: graph.operators)
  }

  /// How many states a layer has.
  private static let states = ["LSTM": 2, "GRU": 1, "RNN": 1]
  private static let words = ["hidden", "cell"]

  /// What batches ended with.
  public struct Values: Sendable {
    let byName: [String: Tensor]
  }

  /// The states a batch goes on from: zeros where there are none, or those of another number of samples.
  func first(for batch: Batch, after carried: Values?) -> [Tensor] {
    all.map { one in
      let shape = one.shape(samples: batch.samples ?? 1)
      guard let last = carried?.byName[one.first], last.shape == shape else {
        return Tensor(shape, repeating: 0)
      }
      return last
    }
  }

  /// The last states of a pass, in the order of `all`.
  func values(_ made: [Value?]) -> Values? {
    guard !all.isEmpty else { return nil }
    let tensors = zip(all, made).compactMap { one, made in made?.tensor.map { (one.first, $0) } }
    return Values(byName: Dictionary(tensors) { first, _ in first })
  }

  /// States that were kept.
  /// - Throws: `GraphError` where they are those of other layers.
  func values(named kept: [String: Tensor]) throws(GraphError) -> Values? {
    guard !kept.isEmpty else { return nil }
    for (name, tensor) in kept.sorted(by: { $0.key < $1.key }) {
      let samples = tensor.shape.count / max(1, tensor.shape.dims.last ?? 1)
      guard let own = all.first(where: { $0.first == name }),
        tensor.shape == own.shape(samples: samples), tensor.elements.allSatisfy(\.isFinite)
      else {
        throw GraphError(
          "snapshot: expected states of \(all.map(\.first)), found \(name) \(tensor.shape)")
      }
    }
    return Values(byName: kept)
  }
}

extension [String] {
  /// Names a place that has no name, with nothing in those before it that are not there.
  fileprivate mutating func fill(_ place: Int, _ name: String) {
    while count <= place { append("") }
    if self[place].isEmpty { self[place] = name }
  }
}

extension Graph {
  /// The units of a recurrent layer: `hidden_size`, or what its recurrent weights have.
  fileprivate func recurrentUnits(_ node: Node) -> Int? {
    if case .int(let units)? = node.attributes["hidden_size"], units > 0 { return units }
    return constants[node.inputs[2]]?.shape.dims.last
  }
}
