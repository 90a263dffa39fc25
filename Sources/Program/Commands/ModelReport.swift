import Masks
package import NeuralNet
import Studies
package import TensorCore

/// A model as a table: its inputs and outputs, and each node with what it makes and costs,
/// and the edges where people put dropout.
package struct ModelReport: Encodable {
  let model: String
  let opset: Int
  let operator_set: Int
  let inputs: [Port]
  let outputs: [Port]
  let nodes: [Line]
  let parameters: Int
  let multiply_adds: Int?
  let dropout: [Dropout]
  let sites: [Site]
  let metadata: [String: String]
  let problems: [String]
  let warnings: [String]
  /// Numbers that small floats could not hold in a run; left out where there were none.
  let rounding_losses: [Loss]?

  /// Whether a size is open that costs depend on: they are given for sizes of the user's.
  let hasOpenSizes: Bool

  /// The keys of JSON: sizes have their names in the text alone. `opset`, `op` and `ratio` say what
  /// `operator_set`, `operator` and `rate` say, for those who read them by these names before.
  enum CodingKeys: CodingKey {
    case model, opset, operator_set, inputs, outputs, nodes, parameters, multiply_adds, dropout
    case sites, metadata, problems, warnings, rounding_losses
  }

  /// Sizes as JSON: those left open are null.
  struct Sizes: Encodable {
    let sizes: [OpenShapes.Size]

    init?(_ sizes: [OpenShapes.Size]?) {
      guard let sizes else { return nil }
      self.sizes = sizes
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(sizes.map(\.number))
    }
  }

  /// What axes are: words in JSON, guesses with a `?`, letters in the text.
  struct Axes: Encodable {
    let text: String
    private let words: [String]

    init?(_ axes: [Axis]?) {
      guard let axes, !axes.isEmpty else { return nil }
      (text, words) = (axes.map(\.description).joined(separator: ","), axes.words)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(words)
    }
  }

  /// An input or output.
  struct Port: Encodable {
    let name: String
    let type: String?
    let shape: Sizes?
    let axes: Axes?
  }

  /// A node; multiply-adds are for one sample, and left out where they depend on sizes left open.
  struct Line: Encodable {
    let name: String
    let op: String
    let `operator`: String
    let output: String
    let shape: Sizes?
    let axes: Axes?
    let parameters: Int
    let multiply_adds: Int?
    let supported: Bool
  }

  /// Dropout of the model's own with its ratio, and the value it drops from. `written` says how: as a
  /// Dropout node, as noise that a Dropout node makes, or in random operators; `shared_axes` are those
  /// along which cells share a unit, left out where each element is dropped by itself.
  struct Dropout: Encodable {
    let node: String
    let ratio: Double?
    let rate: Double?
    let value: String
    let result: String
    let written: String
    let shared_axes: [Int]?
  }

  /// An edge where people put dropout, and what another draw there costs.
  struct Site: Encodable {
    let node: String
    let value: String
    let places: [String]
    let recomputed_multiply_adds: Int?
    let saved_multiply_adds: Int?
    let saved_share: Double?
  }

  /// A node whose results, rounded to its type, became infinite or 0.
  struct Loss: Encodable {
    let node: String
    let type: String
    let infinite: Int
    let zero: Int
  }

  /// The report.
  /// - Parameters:
  ///   - sizes: shapes of inputs that leave sizes open, by name
  ///   - losses: what a run lost where results were rounded
  package init(
    _ network: Network, name: String, sizes: [String: Shape] = [:],
    losses: [RoundingLosses.OfNode] = []
  ) throws(GraphError) {
    let graph = network.graph
    // The network remembers the names of axes.
    let (shapes, _) = SideBySide.run({ OpenShapes(network, given: sizes) }, { network.axes.count })
    let signature = shapes.signature
    let (table, warned) = SideBySide.run(
      {
        let rows = network.rows(signature)
        let edges = rows.filter { !$0.places.isEmpty }
        let costs = Result { () throws(GraphError) in
          try network.costs(ofEach: edges.map(\.value), in: signature)
        }
        return (lines: rows.compactMap { Line($0, shapes, network) }, edges: edges, costs: costs)
      },
      {
        network.warnings + network.conformance(signature)
          + network.axisConflicts.map { "\($0); --axes NODE=… says what it is" }
      })
    model = name
    (opset, operator_set) = (graph.opset, graph.opset)
    inputs = graph.inputs.map {
      Port(
        name: $0.name, type: $0.type.rawValue,
        shape: Sizes(OpenShapes.sizes(of: $0, given: sizes[$0.name])),
        axes: Axes(network.axes[$0.name]))
    }
    outputs = graph.outputs.map {
      Port(
        name: $0, type: signature.values[$0]?.type.rawValue, shape: Sizes(shapes.sizes($0)),
        axes: Axes(network.axes[$0]))
    }
    nodes = table.lines
    parameters = network.parameterCounts.values.reduce(0, +)
    let costs = graph.nodes.indices.map(shapes.multiplyAdds(ofNode:))
    let isKnown = !costs.contains(nil)
    multiply_adds = isKnown ? costs.reduce(0) { $0 + ($1 ?? 0) } : nil
    hasOpenSizes = shapes.hasOpenSizes
    dropout =
      network.writtenDropouts.map { Dropout($0, in: "") }
      + network.dropoutsInside.map { Dropout($0.dropout, in: $0.place) }
    var sites: [Site] = []
    for (row, cost) in zip(table.edges, try table.costs.get()) {
      sites.append(
        Site(
          node: row.name, value: row.value, places: row.places.map(\.rawValue),
          recomputed_multiply_adds: isKnown ? cost.recomputed : nil,
          saved_multiply_adds: isKnown ? cost.saved : nil,
          saved_share: isKnown ? cost.savedShare : nil))
    }
    self.sites = sites
    metadata = graph.metadata
    // With sizes that nobody chose a shape rule may fail that would not with the right ones.
    problems =
      shapes.hasOpenSizes
      ? network.operators.compactMap { operation in
        if case .failure(let error) = operation { error.description } else { nil }
      } : signature.errors.map(\.description)
    warnings = warned + losses.map(\.description)
    rounding_losses =
      losses.isEmpty
      ? nil
      : losses.map {
        Loss(node: $0.node, type: $0.type.rawValue, infinite: $0.infinite, zero: $0.zero)
      }
  }
}

extension ModelReport.Dropout {
  /// A dropout of the graph, or in a graph that a node holds, at a place before its names.
  fileprivate init(_ own: WrittenDropout, in place: String) {
    (node, value, result) = (place + own.node, place + own.site, place + own.result)
    (ratio, rate, written) = (own.rate?.p, own.rate?.p, "\(own.form)")
    shared_axes = own.sharedAxes.map { axes in axes.indices.filter { axes[$0] } }
  }
}

extension ModelReport.Line {
  /// The line of a node; nil for an input.
  init?(_ row: NetworkRow, _ shapes: OpenShapes, _ network: Network) {
    guard let opType = row.opType else { return nil }
    (name, op, `operator`, output) = (row.name, opType, opType, row.value)
    shape = ModelReport.Sizes(shapes.sizes(row.value))
    axes = ModelReport.Axes(network.axes[row.value])
    parameters = row.parameters
    multiply_adds = row.node.flatMap(shapes.multiplyAdds(ofNode:))
    supported = row.isSupported
  }
}
