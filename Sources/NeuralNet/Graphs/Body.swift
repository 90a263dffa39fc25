import TensorCore

/// A graph inside a node: a branch of If, what Loop and Scan do at each turn, what a function of the model
/// does.
public struct Body: Equatable, Sendable, CustomStringConvertible {
  /// The graph. Behind its own inputs it has one for each value around it that it reads.
  public let graph: Graph
  /// The inputs that its node gives it, in order.
  public let inputs: [Graph.Input]
  /// Names of values around it that it reads, in the order they are met in.
  public let reads: [String]

  /// A body of nodes; what they read and nothing in it makes is read from around it.
  /// - Throws: `GraphError` where a name is made twice, or made from itself.
  public init(
    name: String = "", inputs: [Graph.Input], outputs: [String], constants: [String: Value] = [:],
    nodes: [Node], opsets: [String: Int], operators: any OperatorProvider = .standard
  ) throws(GraphError) {
    let made = Set(inputs.map(\.name)).union(constants.keys).union(nodes.flatMap(\.outputs))
    var seen = made.union([""])
    reads = (nodes.flatMap { $0.inputs + $0.bodyReads } + outputs).filter {
      seen.insert($0).inserted
    }
    self.inputs = inputs
    graph = try Graph(
      name: name,
      inputs: inputs + reads.map { Graph.Input($0, type: .unsupported, dims: [], hasShape: false) },
      outputs: outputs, constants: constants, nodes: nodes, opsets: opsets, operators: operators)
  }

  private init(_ graph: Graph, _ inputs: [Graph.Input], _ reads: [String]) {
    (self.graph, self.inputs, self.reads) = (graph, inputs, reads)
  }

  /// The same with another graph of the same inputs.
  func replacing(_ graph: Graph) -> Body { Body(graph, inputs, reads) }

  /// `graph (x → y): Add, Relu`, of long ones the beginning.
  public var description: String {
    let operators = graph.nodes.prefix(8).map(\.opType) + (graph.nodes.count > 8 ? ["…"] : [])
    return "graph (\(inputs.map(\.name).joined(separator: ", ")) → "
      + "\(graph.outputs.joined(separator: ", "))): \(operators.joined(separator: ", "))"
  }

  public static func == (a: Body, b: Body) -> Bool {
    a.inputs == b.inputs && a.reads == b.reads && a.graph.outputs == b.graph.outputs
      && a.graph.constants == b.graph.constants && a.graph.nodes == b.graph.nodes
  }
}
