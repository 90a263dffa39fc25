import Masks
public import TensorCore

/// The loss of log-probabilities `[N,C,…]` for labels `[N,…]`.
public struct NegativeLogLikelihoodLoss: AxisFreeOperator {
  public static let opType = "NegativeLogLikelihoodLoss"
  public static let schema = OperatorSchema(
    since: 12,
    attributes: [
      .int("ignore_index", since: 12),
      .string("reduction", since: 12, of: ["none", "sum", "mean"]),
    ],
    inputs: [
      .init([12: .floats, 22: [.floats, .bfloat16]]), .init([.int32, .int64]),
      .init([12: .floats, 22: [.floats, .bfloat16]], optionalSince: 12),
    ])
  private let loss: LabelLoss

  public init(_ node: NodeReader) throws(TensorError) { loss = try LabelLoss(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try loss.shape(inputs))]
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .labelLoss(outputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.float32(try loss.forward(try inputs.tensor(0), inputs))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    var all = pass.none
    let (inputs, wanted) = (pass.inputs, [0, 2].filter(pass.wants))
    let g = try loss.backward(try pass.takeGradient(), try inputs.tensor(0), inputs)
    if wanted.contains(0) { all[0] = g.logs }
    if wanted.contains(2) { all[2] = g.weights }
    return all
  }
}

extension AxisRule {
  /// A loss for each label is called as its label.
  static func labelLoss(_ outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.enumerated().map { index, output in
        output.shape.dims.indices.map { axis in
          index == 0
            ? .axes([.init(0, axis == 0 ? 0 : axis + 1), .init(1, axis)]) : .axes([.init(0, axis)])
        }
      })
  }
}
