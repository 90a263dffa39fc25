import TensorCore

/// Every operator there is, by ONNX name.
public enum OperatorRegistry {
  /// All operators: one line each.
  public static let all: [any Operator.Type] = [
    Add.self,
    AveragePool.self,
    BatchNormalization.self,
    Clip.self,
    Concat.self,
    Constant.self,
    Conv.self,
    Div.self,
    DropoutOperator.self,
    Flatten.self,
    Gemm.self,
    GlobalAveragePool.self,
    Identity.self,
    LogSoftmax.self,
    MatMul.self,
    MaxPool.self,
    Mul.self,
    Relu.self,
    Reshape.self,
    Sigmoid.self,
    Softmax.self,
    Squeeze.self,
    Sub.self,
    Tanh.self,
    Transpose.self,
    Unsqueeze.self,
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.opType, $0) })

  /// The operator of a node.
  /// - Throws: `GraphError` naming the operator, the node and the operator set where there is none,
  ///   or where its attributes make no sense.
  public static func make(_ node: Node, opset: Int) throws(GraphError) -> any Operator {
    guard node.domain.isEmpty || node.domain == "ai.onnx", let type = byName[node.opType] else {
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
