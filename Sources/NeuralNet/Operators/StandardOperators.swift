import TensorCore

extension OperatorRegistry {
  /// Every operator there is: one line each.
  public static let standard = OperatorRegistry([
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
    Equal.self,
    Erf.self,
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
  ])
}

extension Graph {
  /// A graph of nodes in any order whose operators are the standard ones.
  /// - Throws: `GraphError` where a name is made twice, read but never made, or made from itself.
  public init(
    name: String, inputs: [Input], outputs: [String], constants: [String: Value] = [:],
    nodes: [Node], opsets: [String: Int] = ["": 17], metadata: [String: String] = [:],
    document: (any ModelDocument)? = nil
  ) throws(GraphError) {
    try self.init(
      name: name, inputs: inputs, outputs: outputs, constants: constants, nodes: nodes,
      opsets: opsets, metadata: metadata, document: document, operators: .standard)
  }
}
