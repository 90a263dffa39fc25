import Masks
import NeuralNet
import Scope
import TensorCore

/// A model as a table: its inputs and outputs, and each node with what it makes and costs.
struct ModelReport: Encodable {
  let model: String
  let opset: Int
  let inputs: [Port]
  let outputs: [Port]
  let nodes: [Line]
  let parameters: Int
  let multiply_adds: Int
  let dropout: [Site]
  let sites: [Place]
  let metadata: [String: String]
  let problems: [String]

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

  /// A Dropout node with its ratio.
  struct Site: Encodable {
    let node: String
    let ratio: Double?
  }

  /// An edge where people put dropout, and what a change of it there costs: what lies above is kept.
  struct Place: Encodable {
    let node: String
    let places: [String]
    let recomputed_multiply_adds: Int
    let saved_multiply_adds: Int
  }

  /// The report; open sizes of the inputs are taken as 1.
  init(_ network: Network, name: String) {
    let graph = network.graph
    let shapes = Dictionary(
      graph.inputs.map { ($0.name, Shape($0.dims.map { $0 ?? 1 })) },
      uniquingKeysWith: { a, _ in a })
    let signature = network.signature(inputs: shapes)
    model = name
    opset = graph.opset
    inputs = graph.inputs.map { Port(name: $0.name, shape: $0.dims) }
    outputs = graph.outputs.map { Port(name: $0, shape: signature.values[$0]?.shape.dims) }
    // What a Dropout node reads beside its value was not learned.
    let ratios = Set(
      graph.nodes.indices.filter { network.role(of: $0) == .dropout }
        .flatMap { graph.nodes[$0].inputs.dropFirst() })
    nodes = graph.nodes.indices.map { index in
      let node = graph.nodes[index]
      let made = node.outputs.first ?? ""
      return Line(
        name: node.name, op: node.opType, output: made, shape: signature.values[made]?.shape.dims,
        parameters: node.inputs.reduce(0) {
          $0 + (ratios.contains($1) ? 0 : graph.parameters(of: $1))
        },
        multiply_adds: signature.multiplyAdds[index],
        supported: (try? network.operators[index].get()) != nil)
    }
    parameters = graph.constants.keys.reduce(0) {
      $0 + (ratios.contains($1) ? 0 : graph.parameters(of: $1))
    }
    multiply_adds = signature.multiplyAdds.reduce(0, +)
    let (whole, costs) = (multiply_adds, signature.multiplyAdds)
    sites = network.sensibleSites.map { site in
      let again = network.nodesBelow([site.value]).reduce(0) { $0 + costs[$1] }
      return Place(
        node: site.name, places: site.places.map(\.rawValue), recomputed_multiply_adds: again,
        saved_multiply_adds: whole - again)
    }
    dropout = network.ownDropouts.map { Site(node: $0.node, ratio: $0.rate?.p) }
    metadata = graph.metadata
    problems = signature.errors.map(\.description)
  }
}

extension Graph {
  /// The number of learned numbers in a constant; shapes and indices are no parameters.
  fileprivate func parameters(of name: String) -> Int {
    guard case .float32(let tensor)? = constants[name] else { return 0 }
    return tensor.count
  }
}
