import TensorCore

/// A network as a value: named nodes in topological order, their constants, and the names of what
/// goes in and what comes out. ONNX is its file format.
public struct Graph: Sendable {
  /// The model's own name.
  public var name: String
  /// What must be given to a run; constants are not among them.
  public let inputs: [Input]
  /// The names of the results.
  public let outputs: [String]
  /// Constants by name: weights, shapes.
  public let constants: [String: Value]
  /// The nodes; each reads only inputs, constants and outputs of nodes before it.
  public let nodes: [Node]
  /// Operator set versions by domain; `""` is ONNX's own.
  public var opsets: [String: Int]
  /// Free text by key, such as `normalize` → `0.1307,0.3081`.
  public var metadata: [String: String]

  /// One input of a graph.
  public struct Input: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Its element type.
    public var type: ElementType
    /// Its sizes; nil where the model leaves one open.
    public var dims: [Int?]

    /// An input of a name, a type and sizes.
    public init(_ name: String, type: ElementType = .float32, dims: [Int?]) {
      (self.name, self.type, self.dims) = (name, type, dims)
    }
  }

  /// A graph of nodes in any order.
  /// - Throws: `GraphError` where a name is made twice, read but never made, or made from itself.
  public init(
    name: String, inputs: [Input], outputs: [String], constants: [String: Value] = [:],
    nodes: [Node], opsets: [String: Int] = ["": 17], metadata: [String: String] = [:]
  ) throws(GraphError) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.constants = constants
    self.nodes = try Graph.sorted(
      nodes, known: Set(inputs.map(\.name)).union(constants.keys), outputs: outputs)
    self.opsets = opsets
    self.metadata = metadata
  }

  /// The version of ONNX's own operator set.
  public var opset: Int { opsets[""] ?? opsets["ai.onnx"] ?? 1 }

  /// The node that makes a value, nil for inputs and constants.
  public func producer(of value: String) -> Node? {
    nodes.first { $0.outputs.contains(value) }
  }

  /// The value a person means by `name`: a node's name stands for its first output; an input or any
  /// output stands for itself. Nil where there is none.
  public func value(named name: String) -> String? {
    if let node = nodes.first(where: { $0.name == name }) {
      return node.outputs.first { !$0.isEmpty }
    }
    let isValue = inputs.contains { $0.name == name } || producer(of: name) != nil
    return isValue ? name : nil
  }

  private static func sorted(
    _ nodes: [Node], known: Set<String>, outputs: [String]
  ) throws(GraphError) -> [Node] {
    var maker: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard maker.updateValue(index, forKey: output) == nil, !known.contains(output) else {
          throw GraphError(node: node.name, "makes \(output), which is already there")
        }
      }
    }
    // Kahn's algorithm, taking the earliest ready node first so that a sorted file stays as it is.
    var waiting: [Int] = []
    var readers: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      let pending = Set(node.inputs.filter { !$0.isEmpty && !known.contains($0) })
      for input in pending {
        guard maker[input] != nil else {
          throw GraphError(node: node.name, "reads \(input), which nothing makes")
        }
        readers[input, default: []].append(index)
      }
      waiting.append(pending.count)
    }
    var order: [Int] = []
    var ready = Set(waiting.indices.filter { waiting[$0] == 0 })
    var done = [Bool](repeating: false, count: nodes.count)
    var cursor = 0
    while !ready.isEmpty {
      // A file in order is taken front to back; only what lies behind the cursor needs a search.
      while cursor < nodes.count, done[cursor] { cursor += 1 }
      let next = ready.contains(cursor) ? cursor : ready.min()!
      ready.remove(next)
      done[next] = true
      order.append(next)
      for output in Set(nodes[next].outputs) where !output.isEmpty {
        for reader in readers[output] ?? [] {
          waiting[reader] -= 1
          if waiting[reader] == 0 { ready.insert(reader) }
        }
      }
    }
    guard order.count == nodes.count else {
      let stuck = nodes.indices.first { !done[$0] }!
      throw GraphError(node: nodes[stuck].name, "is part of a cycle, or waits for one")
    }
    for output in outputs where maker[output] == nil && !known.contains(output) {
      throw GraphError("output \(output) is made by no node")
    }
    return order.map { nodes[$0] }
  }
}
