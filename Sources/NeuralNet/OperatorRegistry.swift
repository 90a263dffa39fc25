import TensorCore

/// Every operator there is, by ONNX name.
public enum OperatorRegistry {
  /// All operators: one line each.
  public static let all: [any Operator.Type] = [
    Add.self,
    AveragePool.self,
    BatchNormalization.self,
    Cast.self,
    Clip.self,
    Concat.self,
    Constant.self,
    ConstantOfShape.self,
    Conv.self,
    ConvTranspose.self,
    Div.self,
    DropoutOperator.self,
    Elu.self,
    Exp.self,
    Expand.self,
    Flatten.self,
    Gather.self,
    Gelu.self,
    Gemm.self,
    GlobalAveragePool.self,
    GlobalMaxPool.self,
    HardSigmoid.self,
    HardSwish.self,
    Identity.self,
    InstanceNormalization.self,
    LRN.self,
    LayerNormalization.self,
    LeakyRelu.self,
    Log.self,
    LogSoftmax.self,
    LpPool.self,
    MatMul.self,
    Max.self,
    MaxPool.self,
    Min.self,
    Mul.self,
    PRelu.self,
    Pad.self,
    Pow.self,
    ReduceMax.self,
    ReduceMean.self,
    ReduceMin.self,
    ReduceSum.self,
    Relu.self,
    Reshape.self,
    Resize.self,
    Selu.self,
    ShapeOperator.self,
    Sigmoid.self,
    Slice.self,
    Softmax.self,
    Softplus.self,
    Softsign.self,
    Split.self,
    Sqrt.self,
    Squeeze.self,
    Sub.self,
    Sum.self,
    Tanh.self,
    Transpose.self,
    Unsqueeze.self,
    Where.self,
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
