import Masks
import TensorCore

/// A graph that gets dropout nodes.
struct DropoutEdit {
  private let original: Graph
  private var nodes: [Node]
  private var constants: [String: Value]
  private var outputs: [String]
  /// The names of values and nodes.
  private var taken: Set<String>

  init(_ graph: Graph) {
    original = graph
    (nodes, constants, outputs) = (graph.nodes, graph.constants, graph.outputs)
    taken = Set(graph.constants.keys).union(graph.inputs.map(\.name))
      .union(graph.nodes.flatMap { $0.outputs + [$0.name] })
  }

  /// The graph with what was added.
  func graph() throws(GraphError) -> Graph {
    try Graph(
      name: original.name, inputs: original.inputs, outputs: outputs, constants: constants,
      nodes: nodes, opsets: original.opsets, metadata: original.metadata)
  }

  /// Puts a dropout on a value's edge.
  mutating func add(_ form: DropoutForm, at site: String, rate: Rate) {
    switch form {
    case .weights(let input): addOnWeights(of: site, input: input, rate: rate)
    case .elements:
      let dropout = free("\(site)_dropout")
      let edge = open(site, result: dropout)
      insert([node(dropout, reading: edge.clean, making: edge.result, rate)], after: edge.clean)
    case .shared(let axes):
      let dropout = free("\(site)_dropout")
      let edge = open(site, result: free("\(site)_dropped"))
      insert(noise(dropout, for: site, edge: edge, axes: axes, rate), after: edge.clean)
    }
  }

  /// Lets everybody who reads `site` read `result`, and be it by taking its name: an output keeps
  /// its own.
  private mutating func open(
    _ site: String, result: String
  ) -> (clean: String, result: String) {
    let maker = nodes.firstIndex { $0.outputs.contains(site) }
    if let maker, outputs.contains(site) {
      let clean = free("\(site)_clean")
      nodes[maker].outputs = nodes[maker].outputs.map { $0 == site ? clean : $0 }
      return (clean, site)
    }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == site ? result : $0 }
    }
    outputs = outputs.map { $0 == site ? result : $0 }
    return (site, result)
  }

  /// Ones in the value's shape, but of size 1 along the shared axes and so whatever the batch, made
  /// noise of and multiplied with the value: × 1 at evaluation.
  private mutating func noise(
    _ dropout: String, for site: String, edge: (clean: String, result: String), axes: [Bool],
    _ rate: Rate
  ) -> [Node] {
    let (shape, noiseShape) = (free("\(site)_shape"), free("\(site)_noise_shape"))
    let (ones, noise) = (free("\(site)_ones"), free("\(site)_noise"))
    let (shared, one) = (free("\(dropout).shared"), free("\(dropout).one"))
    constants[shared] = .bool(NDArray([axes.count], axes))
    constants[one] = .int64(NDArray([1], [1]))
    return [
      Node("Shape", inputs: [edge.clean], outputs: [shape]),
      Node("Where", inputs: [shared, one, shape], outputs: [noiseShape]),
      Node(
        "ConstantOfShape", inputs: [noiseShape], outputs: [ones],
        attributes: ["value": .tensor(.float32(Tensor([1], [1])))]),
      node(dropout, reading: ones, making: noise, rate),
      Node(
        name: edge.result == site ? free("\(site)_dropped") : edge.result, "Mul",
        inputs: [edge.clean, noise], outputs: [edge.result]),
    ]
  }

  private mutating func addOnWeights(of site: String, input: Int, rate: Rate) {
    guard let maker = nodes.firstIndex(where: { $0.outputs.first == site }) else { return }
    let weights = nodes[maker].inputs[input]
    let dropped = free("\(weights)_dropout")
    nodes[maker].inputs[input] = dropped
    nodes.insert(node(dropped, reading: weights, making: dropped, rate), at: maker)
  }

  /// A Dropout node in the wire form of the graph's operator set: the ratio an input since 12, an
  /// attribute before; up to 6 evaluation had to be asked for.
  private mutating func node(
    _ name: String, reading input: String, making output: String, _ rate: Rate
  ) -> Node {
    var node = Node(name: name, "Dropout", inputs: [input], outputs: [output])
    if original.opset >= 12 {
      let ratio = free("\(name).ratio")
      constants[ratio] = .float32(Tensor(scalar: Float(rate.p)))
      node.inputs.append(ratio)
    } else {
      node.attributes["ratio"] = .float(Float(rate.p))
      if original.opset < 7 { node.attributes["is_test"] = .int(1) }
    }
    return node
  }

  /// Puts nodes behind the maker of a value; before all others where that is an input.
  private mutating func insert(_ new: [Node], after value: String) {
    let maker = nodes.firstIndex { $0.outputs.contains(value) }
    nodes.insert(contentsOf: new, at: maker.map { $0 + 1 } ?? 0)
  }

  /// A name that neither a value nor a node has: the one given, or with a number behind it. From now
  /// on it is taken.
  private mutating func free(_ name: String) -> String {
    var (free, number) = (name, 1)
    while !taken.insert(free).inserted {
      number += 1
      free = "\(name)\(number)"
    }
    return free
  }
}
