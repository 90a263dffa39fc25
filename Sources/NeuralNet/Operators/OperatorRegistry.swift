import TensorCore

/// Operators by ONNX name: a value that is handed to whoever reads or makes a graph.
public struct OperatorRegistry: OperatorProvider {
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

  /// The type of a node's operator; nil for one that is not known.
  public func type(of node: Node) -> (any Operator.Type)? {
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
      if type(of: node) == nil { own.function = try Expansion.body(of: node, opset: opset) }
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
