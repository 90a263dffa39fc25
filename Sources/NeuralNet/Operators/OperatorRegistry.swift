import TensorCore

/// Operators by ONNX name: a value that is handed to whoever reads or makes a graph.
public struct OperatorRegistry: Sendable {
  /// The operators, in the order of their list.
  public let all: [any Operator.Type]
  private let byName: [String: any Operator.Type]

  /// A registry of operators, each with a name of its own.
  public init(_ all: [any Operator.Type]) {
    self.all = all
    byName = Dictionary(
      uniqueKeysWithValues: all.map { (OperatorRegistry.key($0.opType, $0.domain), $0) })
  }

  /// The operators of other domains that run as several of ONNX's own, by domain and name.
  public static var expanded: [String] { Expansion.all.keys.sorted() }

  private static func key(_ opType: String, _ domain: String) -> String {
    domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)"
  }

  /// What ONNX lays down for a node's operator; nil for one that is not known.
  public func schema(of node: Node) -> OperatorSchema? {
    byName[OperatorRegistry.key(node.opType, node.domain)]?.schema
  }

  /// Whether what the graphs of a node make can be shown.
  func opens(_ node: Node) -> Bool { type(of: node) is any OpenableOperator.Type }

  /// Whether a node runs its graph again and again.
  func repeats(_ node: Node) -> Bool {
    (type(of: node) as? any OpenableOperator.Type)?.takesTurns ?? false
  }

  /// How many outputs a node that holds graphs can have.
  func outputs(of node: Node) -> Int {
    guard let type = type(of: node) as? any OpenableOperator.Type, let body = node.bodies.first
    else { return node.outputs.count }
    return type.outputs(of: body.body)
  }

  private func type(of node: Node) -> (any Operator.Type)? {
    node.function == nil
      ? byName[OperatorRegistry.key(node.opType, node.domain)] : FunctionCall.self
  }

  /// The operator of a node.
  /// - Throws: `GraphError` naming the operator, the node and the operator set where there is none,
  ///   or where its attributes make no sense.
  public func make(_ node: Node, opset: Int) throws(GraphError) -> any Operator {
    let key = OperatorRegistry.key(node.opType, node.domain)
    var own = node
    do throws(TensorError) {
      if node.function == nil { own.function = try Expansion.body(of: node, opset: opset) }
    } catch {
      throw GraphError(node: node.name, error)
    }
    guard let type = type(of: own) else {
      throw GraphError(node: node.name, "operator \(key) (opset \(opset)) is not supported")
    }
    do throws(TensorError) {
      return try type.init(NodeReader(own, opset: opset))
    } catch {
      throw GraphError(node: node.name, error)
    }
  }
}
