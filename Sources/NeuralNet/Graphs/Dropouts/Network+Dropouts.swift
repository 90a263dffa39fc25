import Masks
import TensorCore

extension Network {
  /// The model's own dropout, in the graph's order. Nodes that make no sense are left out: a run names
  /// them.
  public var writtenDropouts: [WrittenDropout] {
    guard !patterns.isEmpty else { return [] }
    // The ratio may be an initializer or come from a Constant node; neither depends on the inputs.
    let known = signature().values
    lazy var shapes = NoiseShapes(graph, known: known, ranks: descriptions)
    return patterns.compactMap { pattern in
      var own = WrittenDropout(
        form: pattern.form, node: graph.nodes[pattern.index].name, index: pattern.index,
        input: pattern.input, output: pattern.output, parts: pattern.parts, site: pattern.site,
        result: pattern.result, rate: pattern.rate, scale: pattern.scale, activity: .always)
      if let noise = pattern.noise { own.sharedAxes = shapes.sharedAxes(noise, at: pattern.site) }
      guard pattern.form != .random else { return own }
      guard let operation = try? operators[pattern.index].get() as? DropoutOperator else {
        return nil
      }
      let node = graph.nodes[pattern.index]
      let inputs = Inputs(
        node.opType,
        node.inputs.map { $0.isEmpty ? nil : known[$0]?.computed ?? ValueInfo(Shape([])) })
      own.rate = try? operation.rate(for: inputs)
      if own.rate == nil, node.inputs.count > 1 { own.rateInput = node.inputs[1] }
      own.activity = operation.activity(for: inputs, named: node.inputs)
      return own
    }
  }

  /// Dropout in the graphs that nodes hold, each with where that is: `NODE/`, of a node that holds several graphs
  /// `NODE/GRAPH/`.
  public var dropoutsInside: [(place: String, dropout: WrittenDropout)] {
    graph.nodes.indices.flatMap { index in
      graph.bodies(ofNode: index).flatMap { path, _, body in
        let network = Network(body.graph)
        return network.writtenDropouts.map { (path, $0) }
          + network.dropoutsInside.map { (path + $0.place, $0.dropout) }
      }
    }
  }

  /// The nodes that are parts of dropout in random operators.
  var randomParts: Set<Int> {
    patterns.reduce(into: []) { if $1.form == .random { $0.formUnion($1.parts) } }
  }

  /// What is known of each value whatever its open sizes: its type and rank. Sizes are taken as 1,
  /// which suits an open batch, and where that does not work out as 128, which suits a kernel on open
  /// rows and columns.
  var descriptions: ValueTable<ValueInfo> {
    let small = signature(openSizes: 1)
    guard !small.errors.isEmpty else { return small.values }
    return small.values.merging(signature(openSizes: 128).values)
  }
}
