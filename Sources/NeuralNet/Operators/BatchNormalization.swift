import Masks
public import TensorCore

/// y = (x − mean)/√(var + epsilon)·scale + B for each channel of `[N,C,…]`, with the mean and variance
/// the model was trained to: Ioffe and Szegedy 2015 (arXiv:1502.03167), at evaluation.
///
/// It stays in evaluation whatever the run's mode, as Monte-Carlo dropout asks for; so `is_test` of
/// opset 1 to 6, which says the same, is not needed. Statistics of the batch (`training_mode` 1 of
/// opset 14, or outputs beside y) are refused.
public struct BatchNormalization: Operator {
  public static let opType = "BatchNormalization"
  public static let role = OperatorRole.normalization
  let epsilon: Float

  public init(_ node: NodeReader) throws(TensorError) {
    epsilon = try node.float("epsilon", default: 1e-5)
    let wantsMore = node.node.outputs.dropFirst().contains { !$0.isEmpty }
    guard try node.int("training_mode", default: 0) == 0, !wantsMore else {
      throw TensorError(
        "BatchNormalization", expected: "a model exported for evaluation",
        found: "a node that trains")
    }
    guard try node.int("spatial", default: 1) != 0 else {
      throw TensorError("BatchNormalization", expected: "spatial 1", found: "spatial 0")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    guard x.rank >= 2 else {
      throw TensorError("BatchNormalization", expected: "an input of shape [N,C,…]", found: "\(x)")
    }
    for index in 1...4 where try inputs.tensor(index) != [x[1]] {
      throw TensorError(
        "BatchNormalization", expected: "[\(x[1])] for input \(index)",
        found: "\(try inputs.tensor(index))")
    }
    return [ValueInfo(x)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let (x, scale, bias) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.tensor(2))
    let (mean, variance) = (try inputs.tensor(3), try inputs.tensor(4))
    var (factors, shifts): ([Float], [Float]) = ([], [])
    for c in 0..<scale.count {
      let factor = Double(scale[c]) / (Double(variance[c]) + Double(epsilon)).squareRoot()
      factors.append(Float(factor))
      shifts.append(Float(Double(bias[c]) - Double(mean[c]) * factor))
    }
    return [
      .float32(
        try ChannelAffine.forward(x, scale: factors, shift: shifts, in: "BatchNormalization"))
    ]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...4).contains(where: pass.wants) else { return pass.none }
    let (x, scale) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let (mean, variance) = (try pass.inputs.tensor(3), try pass.inputs.tensor(4))
    let inverse = variance.elements.map { 1 / (Double($0) + Double(epsilon)).squareRoot() }
    let factors = zip(scale.elements, inverse).map { Double($0) * $1 }
    var (g, all) = (try pass.takeGradient(), pass.none)
    if (1...4).contains(where: pass.wants) {
      let (plain, weighted) = ChannelAffine.sums(g, x: x, centre: mean.elements)
      func parameter(_ index: Int, _ value: (Int) -> Double) {
        guard pass.wants(index) else { return }
        all[index] = Tensor(scale.shape, inverse.indices.map { Float(value($0)) })
      }
      parameter(1) { weighted[$0] * inverse[$0] }
      parameter(2) { plain[$0] }
      parameter(3) { -plain[$0] * factors[$0] }
      parameter(4) { weighted[$0] * factors[$0] * inverse[$0] * inverse[$0] / -2 }
    }
    if pass.wants(0) {
      ChannelAffine.becomeGradient(&g, scale: factors.map(Float.init))
      all[0] = g
    }
    return all
  }
}
