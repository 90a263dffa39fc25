import Masks
import NeuralNet
import Scope
import TensorCore

/// A model as a table: its inputs and outputs, and each node with what it makes and costs,
/// and the edges where people put dropout.
struct ModelReport: Encodable {
  let model: String
  let opset: Int
  let inputs: [Port]
  let outputs: [Port]
  let nodes: [Line]
  let parameters: Int
  let multiply_adds: Int
  let dropout: [Dropout]
  let sites: [Site]
  let metadata: [String: String]
  let problems: [String]
  let warnings: [String]

  /// An input or output; sizes left open are null.
  struct Port: Encodable {
    let name: String
    let shape: [Int?]?
  }

  /// A node.
  struct Line: Encodable {
    let name: String
    let op: String
    let output: String
    let shape: [Int]?
    let parameters: Int
    let multiply_adds: Int
    let supported: Bool
  }

  /// Dropout of the model's own with its ratio, and the value it drops from. `written` says how: as a
  /// Dropout node, as noise that a Dropout node makes, or in random operators; `shared_axes` are those
  /// along which cells share a unit, null where each element is dropped by itself.
  struct Dropout: Encodable {
    let node: String
    let ratio: Double?
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
    let recomputed_multiply_adds: Int
    let saved_multiply_adds: Int
    let saved_share: Double
  }

  /// The report; open sizes of the inputs are taken as 1.
  init(_ network: Network, name: String) throws(GraphError) {
    let graph = network.graph
    let signature = network.signature(openSizes: 1)
    let rows = network.rows(signature)
    model = name
    opset = graph.opset
    inputs = graph.inputs.map { Port(name: $0.name, shape: $0.dims) }
    outputs = graph.outputs.map { Port(name: $0, shape: signature.values[$0]?.shape.dims) }
    nodes = rows.compactMap(Line.init)
    parameters = network.parameterCounts.values.reduce(0, +)
    multiply_adds = signature.multiplyAdds.reduce(0, +)
    dropout = network.writtenDropouts.map { own in
      Dropout(
        node: own.node, ratio: own.rate?.p, value: own.site, result: own.result,
        written: "\(own.form)",
        shared_axes: own.sharedAxes.map { axes in axes.indices.filter { axes[$0] } })
    }
    var sites: [Site] = []
    for row in rows where !row.places.isEmpty {
      let cost = try network.cost(of: [row.value: .activation], in: signature)
      sites.append(
        Site(
          node: row.name, value: row.value, places: row.places.map(\.rawValue),
          recomputed_multiply_adds: cost.recomputed, saved_multiply_adds: cost.saved,
          saved_share: cost.savedShare))
    }
    self.sites = sites
    metadata = graph.metadata
    problems = signature.errors.map(\.description)
    warnings = network.warnings
  }
}

extension ModelReport.Line {
  /// The line of a node; nil for an input.
  init?(_ row: NetworkRow) {
    guard let opType = row.opType else { return nil }
    (name, op, output, shape) = (row.name, opType, row.value, row.shape?.dims)
    (parameters, multiply_adds) = (row.parameters, row.multiplyAdds)
    supported = row.isSupported
  }
}
