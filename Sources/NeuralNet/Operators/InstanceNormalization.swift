import Masks
public import TensorCore

/// Each map brought to mean 0 and variance 1, then × scale + B of its channel: Ulyanov et al. 2016
/// (arXiv:1607.08022). X `[N,C,…]`, scale and B `[C]`.
public struct InstanceNormalization: MapOperator {
  public static let opType = "InstanceNormalization"
  public static let schema = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5), .float("epsilon", in: 0 ... .infinity)],
    inputs: .init(repeating: .init([1: .floats, 22: [.floats, .bfloat16]]), count: 3))
  public static let role = OperatorRole.normalization
  let epsilon: Float

  public init(_ node: NodeReader) throws(TensorError) {
    epsilon = try node.float("epsilon", default: 1e-5)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    guard x.rank >= 3 else {
      throw TensorError(
        "InstanceNormalization", expected: "an input of shape [N,C,…]", found: "\(x)")
    }
    for index in 1...2 where try inputs.tensor(index) != [x[1]] {
      throw TensorError(
        "InstanceNormalization", expected: "[\(x[1])] for input \(index)",
        found: "\(try inputs.tensor(index))")
    }
    return [ValueInfo(x)]
  }

  /// The maps as rows.
  private func standardized(_ x: Tensor) throws(TensorError) -> Standardization {
    let maps = x.shape[0] * x.shape[1]
    let rows = try x.reshaped(to: [maps, maps == 0 ? 0 : x.count / maps])
    return Standardization(rows, epsilon: Double(epsilon))
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let x = try inputs.tensor(0)
    let y = try standardized(x).output.reshaped(to: x.shape)
    return [
      .float32(
        try ChannelAffine.forward(
          y, scale: try inputs.tensor(1).elements, shift: try inputs.tensor(2).elements,
          in: "InstanceNormalization"))
    ]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...2).contains(where: pass.wants) else { return pass.none }
    let (x, scale) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let rows = try standardized(x)
    var (g, all) = (try pass.takeGradient(), pass.none)
    let zeros = [Float](repeating: 0, count: scale.count)
    let sums = ChannelAffine.sums(g, x: try rows.output.reshaped(to: x.shape), centre: zeros)
    if pass.wants(1) { all[1] = Tensor(scale.shape, sums.weighted.map { Float($0) }) }
    if pass.wants(2) { all[2] = Tensor(scale.shape, sums.plain.map { Float($0) }) }
    if pass.wants(0) {
      ChannelAffine.becomeGradient(&g, scale: scale.elements)
      all[0] = try rows.gradient(try g.reshaped(to: rows.output.shape)).reshaped(to: x.shape)
    }
    return all
  }
}

extension InstanceNormalization: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil), (2, nil)] }
}
