import Masks
public import TensorCore

/// The loss of scores `[N,C,…]` for labels `[N,…]`, by way of their log-softmax, which is output 1 where it is
/// wanted.
public struct SoftmaxCrossEntropyLoss: AxisFreeOperator {
  public static let opType = "SoftmaxCrossEntropyLoss"
  public static let schema = OperatorSchema(
    since: 12,
    attributes: [
      .int("ignore_index", since: 12),
      .string("reduction", since: 12, of: ["none", "sum", "mean"]),
    ],
    inputs: [
      .init([12: .floats, 13: [.floats, .bfloat16]]), .init([.int32, .int64]),
      .init([12: .floats, 13: [.floats, .bfloat16]], optionalSince: 12),
    ],
    outputs: [12: 2])
  private let loss: LabelLoss
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    loss = try LabelLoss(node)
    wanted = node.node.outputs.count
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let all = [ValueInfo(try loss.shape(inputs)), ValueInfo(try inputs.tensor(0))]
    return Array(all.prefix(max(1, wanted)))
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .labelLoss(outputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let infos = try outputs(for: inputs.described)
    let logs = try inputs.tensor(0).logSoftmax(along: 1)
    return [.float32(try loss.forward(logs, inputs)), .float32(logs)].prefix(infos.count).map { $0 }
  }

  /// The logarithms, where nobody wants them.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    inputs.optional(0)?.bytes ?? 0
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    var all = pass.none
    let (inputs, wanted) = (pass.inputs, [0, 2].filter(pass.wants))
    let logs = try inputs.tensor(0).logSoftmax(along: 1)
    let more = pass.gradients.count > 1 ? pass.gradients[1] : nil
    var g = try loss.backward(try pass.takeGradient(), logs, inputs)
    if let more {
      g.logs.changeChunks(reading: more) { x, more in for i in x.indices { x[i] += more[i] } }
    }
    if wanted.contains(0) {
      g.logs.becomeLogSoftmaxGradient(of: logs, along: 1)
      all[0] = g.logs
    }
    if wanted.contains(2) { all[2] = g.weights }
    return all
  }
}
