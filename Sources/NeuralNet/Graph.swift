public import TensorCore

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

  /// A graph of nodes in any order. Inputs that have a constant of the same name are left out: up to
  /// IR version 3 ONNX files list their weights among the inputs.
  /// - Throws: `GraphError` where a name is made twice, read but never made, or made from itself.
  public init(
    name: String, inputs: [Input], outputs: [String], constants: [String: Value] = [:],
    nodes: [Node], opsets: [String: Int] = ["": 17], metadata: [String: String] = [:]
  ) throws(GraphError) {
    var names: Set<String> = []
    for input in inputs where !names.insert(input.name).inserted {
      throw GraphError("input \(input.name) is there twice")
    }
    let known = names.union(constants.keys)
    self.name = name
    self.inputs = inputs.filter { constants[$0.name] == nil }
    self.outputs = outputs
    self.constants = constants
    self.nodes = try Graph.sorted(nodes, known: known)
    self.opsets = opsets
    self.metadata = metadata
    let made = known.union(self.nodes.flatMap(\.outputs))
    for output in outputs where output.isEmpty || !made.contains(output) {
      throw GraphError("output \(output) is made by no node")
    }
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
    return isValue && !name.isEmpty ? name : nil
  }
}

extension Graph.Input {
  /// `[N,1,28,28]`, with `?` for open sizes.
  public var shapeText: String {
    "[" + dims.map { $0.map(String.init) ?? "?" }.joined(separator: ",") + "]"
  }

  /// Whether an array of `shape` may be given.
  public func accepts(_ shape: Shape) -> Bool {
    shape.rank == dims.count && zip(dims, shape.dims).allSatisfy { $0 == nil || $0 == $1 }
  }
}
