import TensorCore

/// Operators by ONNX name: a value that is handed to whoever reads or makes a graph.
public struct OperatorRegistry: Sendable {
  /// The operators, in the order of their list.
  public let all: [any Operator.Type]
  private let byName: [String: any Operator.Type]

  /// A registry of operators, each with a name of its own.
  public init(_ all: [any Operator.Type]) {
    self.all = all
    byName = Dictionary(uniqueKeysWithValues: all.map { ($0.opType, $0) })
  }

  /// What ONNX lays down for a node's operator; nil for one that is not known.
  public func schema(of node: Node) -> OperatorSchema? { byName[node.opType]?.schema }

  /// The operator of a node.
  /// - Throws: `GraphError` naming the operator, the node and the operator set where there is none,
  ///   or where its attributes make no sense.
  public func make(_ node: Node, opset: Int) throws(GraphError) -> any Operator {
    let isOwn = node.domain.isEmpty || node.domain == "ai.onnx"
    let found = node.function == nil ? isOwn ? byName[node.opType] : nil : FunctionCall.self
    guard let type = found else {
      let domain = node.domain.isEmpty ? "" : "\(node.domain)."
      throw GraphError(
        node: node.name, "operator \(domain)\(node.opType) (opset \(opset)) is not supported")
    }
    do {
      return try type.init(NodeReader(node, opset: opset))
    } catch {
      throw GraphError(node: node.name, error)
    }
  }
}
