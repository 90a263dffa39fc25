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
  /// Names the user gives the axes of values, by value; they go before whatever operators say.
  public var axisNames: [String: [Axis]] = [:]
  /// The element types that the file says of values which operators make, by value: all that is known
  /// of those made by operators this program does not have.
  public var valueTypes: [String: ElementType] = [:]
  /// The file the graph was read from, with all that the graph itself does not hold; nil for graphs
  /// made here. Nodes say by `origin` which of its nodes they are.
  public let document: (any ModelDocument)?
  /// The operators that nodes are looked up in.
  public let operators: any OperatorProvider
  /// Who makes and who reads each value.
  let index: GraphIndex

  /// One input of a graph.
  public struct Input: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Its element type.
    public var type: ElementType
    /// Its sizes; nil where the model leaves one open.
    public var dims: [Int?]
    /// The names the model gives its sizes, such as `batch`; nil where it gives none.
    public var dimNames: [String?]
    /// False where the model does not even say how many sizes there are; `dims` is empty then.
    public var hasShape: Bool
    /// Of an input whose type is a sequence, the element type of its arrays.
    public var elements: ElementType?
    /// Whether it may be left out of a run: an optional value, which nodes ask for.
    public var isOptional = false

    /// An input of a name, a type and sizes, which may have names of their own.
    public init(
      _ name: String, type: ElementType = .float32, dims: [Int?], dimNames: [String?]? = nil,
      hasShape: Bool = true
    ) {
      (self.name, self.type, self.dims, self.hasShape) = (name, type, dims, hasShape)
      self.dimNames = dimNames ?? dims.map { _ in nil }
    }
  }

  /// A graph of nodes in any order. Inputs that have a constant of the same name are left out: up to
  /// IR version 3 ONNX files list their weights among the inputs.
  /// - Throws: `GraphError` where a name is made twice, read but never made, or made from itself.
  public init(
    name: String, inputs: [Input], outputs: [String], constants: [String: Value] = [:],
    nodes: [Node], opsets: [String: Int] = ["": 17], metadata: [String: String] = [:],
    axisNames: [String: [Axis]] = [:], document: (any ModelDocument)? = nil,
    operators: any OperatorProvider
  ) throws(GraphError) {
    var names: Set<String> = []
    for input in inputs where !names.insert(input.name).inserted {
      throw GraphError("input \(input.name) is there twice")
    }
    self.name = name
    self.inputs = inputs.filter { constants[$0.name] == nil }
    self.outputs = outputs
    self.constants = constants
    let known = self.inputs.map(\.name) + constants.keys
    let index = try GraphIndex(nodes, known: known)
    if let order = try index.order(of: nodes) {
      self.nodes = order.map { nodes[$0] }
      self.index = try GraphIndex(self.nodes, known: known)
    } else {
      (self.nodes, self.index) = (nodes, index)
    }
    self.opsets = opsets
    self.metadata = metadata
    (self.axisNames, self.document, self.operators) = (axisNames, document, operators)
    for output in outputs where output.isEmpty || index.numbers[output] == nil {
      throw GraphError("output \(output) is made by no node")
    }
  }

  /// The version of ONNX's own operator set.
  public var opset: Int { opsets[""] ?? opsets["ai.onnx"] ?? 1 }

  /// The node that makes a value, nil for inputs and constants. O(1).
  public func producer(of value: String) -> Node? { index.maker(of: value).map { nodes[$0] } }

  /// The index of the node that makes a value, nil for inputs and constants. O(1).
  public func producerIndex(of value: String) -> Int? { index.maker(of: value) }

  /// The indices of the nodes that read a value, themselves or in their bodies, in the graph's order.
  /// O(1).
  public func readers(of value: String) -> [Int] { index.readers(of: value) }

  /// The value the user means by `name`: a node's name stands for its first output; an input or any
  /// output stands for itself. Where nodes share a name, `conv#2` is the second of them. Nil where
  /// there is none.
  public func value(named name: String) -> String? {
    if let node = node(named: name) { return nodes[node].result }
    let isValue = inputs.contains { $0.name == name } || index.maker(of: name) != nil
    return isValue && !name.isEmpty ? name : nil
  }

  private func node(named name: String) -> Int? { index.node(named: name) ?? numbered(name) }

  /// The node that a name or a value's name stands for.
  func node(called name: String) -> Int? { node(named: name) ?? index.maker(of: name) }

  /// What a node is called where names must tell nodes apart: its name; where several share it, `conv#2`
  /// for the second of them, which `value(named:)` understands. O(log n).
  public func distinctName(ofNode node: Int) -> String {
    let name = nodes[node].name
    let same = index.nodes(sharing: name)
    guard same.count > 1 else { return name }
    // Indices ascend: how many come before this one.
    var (low, high) = (0, same.count)
    while low < high {
      let middle = (low + high) / 2
      if same[middle] < node { low = middle + 1 } else { high = middle }
    }
    let numbered = "\(name)#\(low + 1)"
    return index.node(named: numbered) == nil
      ? numbered : nodes[node].result ?? numbered
  }

  /// The node that `conv#2` means where there are several called `conv`.
  private func numbered(_ name: String) -> Int? {
    guard let mark = name.lastIndex(of: "#"), let number = Int(name[name.index(after: mark)...])
    else { return nil }
    let own = String(name[..<mark])
    let several = index.nodes(sharing: own)
    let same = several.isEmpty ? index.node(named: own).map { [$0] } ?? [] : several
    return number > 0 && number <= same.count ? same[number - 1] : nil
  }
}

/// A file that a graph was read from. What is in it is its format's business.
public protocol ModelDocument: Sendable {
  /// The names of values that nodes' bodies (If, Loop, Scan) make, which no value of the graph may take.
  var namesInBodies: Set<String> { get }
}

extension ModelDocument {
  /// Most files have no bodies.
  public var namesInBodies: Set<String> { [] }
}

extension Graph.Input {
  /// A sequence of arrays of one element type.
  public static func sequence(_ name: String, of elements: ElementType) -> Graph.Input {
    var input = Graph.Input(name, type: .sequence, dims: [], hasShape: false)
    input.elements = elements
    return input
  }

  /// `float32`, `sequence of float32`.
  public var typeText: String { elements.map { "sequence of \($0)" } ?? "\(type)" }

  /// `[N,1,28,28]`, with `?` for open sizes; `[…]` where nothing is known of them.
  public var shapeText: String {
    guard hasShape else { return "[…]" }
    return "[" + dims.map { $0.map(String.init) ?? "?" }.joined(separator: ",") + "]"
  }

  /// Whether an array of `shape` may be given.
  public func accepts(_ shape: Shape) -> Bool {
    !hasShape
      || shape.rank == dims.count
        && zip(dims, shape.dims).allSatisfy { $0 == nil || $0 == $1 }
  }

  /// The shape with each open size taken as `size`.
  /// - Throws: `TensorError` where nothing is known of the shape, or it is beyond all bounds.
  public func shape(openSizes size: Int) throws(TensorError) -> Shape {
    guard hasShape else {
      throw TensorError("input \(name)", expected: "a shape", found: shapeText)
    }
    return try Shape(checking: dims.map { $0 ?? size }, in: "input \(name)")
  }
}
