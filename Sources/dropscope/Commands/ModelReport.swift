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
  /// Who takes an axis for something else than it is called.
  let axis_conflicts: [String]
  let problems: [String]

  /// An input or output; sizes left open are null.
  struct Port: Encodable {
    let name: String
    let shape: [Int?]?
    let axes: [String]?
  }

  /// A node.
  struct Line: Encodable {
    let name: String
    let op: String
    let output: String
    let shape: [Int]?
    /// A letter each, with a ? where it is a guess.
    let axes: [String]?
    let parameters: Int
    let multiply_adds: Int
    let supported: Bool
  }

  /// A Dropout node with its ratio, and the value it drops from.
  struct Dropout: Encodable {
    let node: String
    let ratio: Double?
    let value: String
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
    let axes = network.axes.mapValues { $0.map(\.description) }
    inputs = graph.inputs.map { Port(name: $0.name, shape: $0.dims, axes: axes[$0.name]) }
    outputs = graph.outputs.map {
      Port(name: $0, shape: signature.values[$0]?.shape.dims, axes: axes[$0])
    }
    nodes = rows.compactMap { Line($0, axes: axes[$0.value]) }
    parameters = network.parameterCounts.values.reduce(0, +)
    multiply_adds = signature.multiplyAdds.reduce(0, +)
    dropout = network.ownDropouts.map {
      Dropout(node: $0.node, ratio: $0.rate?.p, value: $0.site)
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
    axis_conflicts = network.axisConflicts.map(\.description)
    problems = signature.errors.map(\.description)
  }
}

extension ModelReport.Line {
  /// The line of a node; nil for an input.
  init?(_ row: NetworkRow, axes: [String]?) {
    guard let opType = row.opType else { return nil }
    self.axes = axes
    (name, op, output, shape) = (row.name, opType, row.value, row.shape?.dims)
    (parameters, multiply_adds) = (row.parameters, row.multiplyAdds)
    supported = row.isSupported
  }
}
