import TensorCore

/// An operator of another domain taken apart into ONNX's own: what runs in its place is a body of those, as if
/// the model had a function of the name. One operator is one line in `all`.
struct Expansion {
  /// What makes the nodes of an operator, and says which values are its outputs.
  typealias Maker = @Sendable (inout Expansion) throws(TensorError) -> [String]

  /// The operators, by domain and name.
  static let all: [String: Maker] = [microsoft, traditional, unnamed].reduce(into: [:]) {
    $0.merge($1) { first, _ in first }
  }

  static func operators(of domain: String, _ own: [(name: String, maker: Maker)]) -> [String: Maker]
  {
    Dictionary(uniqueKeysWithValues: own.map { ("\(domain).\($0.name)", $0.maker) })
  }

  /// The node with its attributes.
  let node: NodeReader
  private var nodes: [Node] = []
  private var constants: [String: Value] = [:]
  /// The operator set the nodes are of.
  private static let opset = 24

  /// What a node of a domain does; nil where its operator is none of those here.
  /// - Throws: `TensorError` where its attributes make no sense, or ask for what is not there.
  static func body(of node: Node, opset: Int) throws(TensorError) -> Body? {
    guard let maker = all["\(node.domain).\(node.opType)"] else { return nil }
    var own = Expansion(node: NodeReader(node, opset: opset))
    let outputs = try maker(&own)
    let given = node.inputs.indices.filter { !node.inputs[$0].isEmpty }
    do throws(GraphError) {
      return try Body(
        name: node.opType,
        inputs: given.map {
          Graph.Input("x\($0)", type: .unsupported, dims: [], hasShape: false)
        },
        outputs: Array(outputs.prefix(max(1, node.outputs.count))), constants: own.constants,
        nodes: own.nodes, opsets: ["": Expansion.opset])
    } catch {
      throw TensorError(node.opType, expected: "inputs that go together", found: "\(error)")
    }
  }

  /// Adds a node.
  /// - Returns: its output
  mutating func add(
    _ opType: String, _ inputs: [String], _ attributes: [String: Attribute] = [:]
  ) -> String {
    add(opType, inputs, attributes, outputs: 1)[0]
  }

  /// Adds a node of several outputs.
  mutating func add(
    _ opType: String, _ inputs: [String], _ attributes: [String: Attribute], outputs: Int
  ) -> [String] {
    let made = (0..<outputs).map { "y\(nodes.count).\($0)" }
    nodes.append(
      Node(opType, inputs: inputs, outputs: made, attributes: attributes))
    return made
  }

  /// Adds a constant.
  mutating func constant(_ value: Value) -> String {
    let name = "c\(constants.count)"
    constants[name] = value
    return name
  }

  /// Numbers as a constant list.
  mutating func floats(_ numbers: [Float]) -> String {
    constant(.float32(Tensor([numbers.count], numbers)))
  }

  /// Whole numbers as a constant list.
  mutating func integers(_ numbers: [Int]) -> String {
    constant(.int64(NDArray([numbers.count], numbers.map { Int64($0) })))
  }

  /// An input by its place; an empty name where it is left out.
  func input(_ index: Int) -> String { has(index) ? "x\(index)" : "" }

  /// Whether an input is there.
  func has(_ index: Int) -> Bool {
    node.node.inputs.indices.contains(index) && !node.node.inputs[index].isEmpty
  }

  /// How many inputs are named.
  var inputCount: Int { node.node.inputs.count }

  /// An input as single-precision numbers, whatever its type.
  mutating func floatInput(_ index: Int) -> String {
    add("Cast", [input(index)], ["to": .int(ElementType.float32.onnx)])
  }

  /// - Throws: `TensorError` where what is asked for is there.
  func refuse(_ isThere: Bool, _ what: String) throws(TensorError) {
    guard isThere else { return }
    throw TensorError(node.node.opType, expected: "no \(what)", found: "one")
  }
}
