import Masks
public import TensorCore

/// The channels of X `[N,C,…]` in `num_groups` groups, each brought to mean 0 and variance 1, then × scale
/// + bias: of the channel `[C]`, before opset 21 of the group. Wu and He 2018 (arXiv:1803.08494).
public struct GroupNormalization: MapOperator {
  public static let opType = "GroupNormalization"
  public static let schema = OperatorSchema(
    since: 21,
    attributes: [
      .float("epsilon", since: 21, in: 0 ... .infinity),
      .int("num_groups", since: 21, required: true, in: 1 ... .max),
      .int("stash_type", since: 21),
    ],
    inputs: .init(repeating: .init([.floats, .bfloat16]), count: 3))
  public static let role = OperatorRole.normalization
  private let epsilon: Float
  private let groups: Int
  private let isByGroup: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    epsilon = try node.float("epsilon", default: 1e-5)
    groups = try node.int("num_groups", default: 0)
    isByGroup = node.opset < 21
    guard groups > 0 else {
      throw TensorError(
        "GroupNormalization num_groups", expected: "1 or more", found: "\(groups)")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    guard x.rank >= 2, x[1] % groups == 0 else {
      throw TensorError(
        "GroupNormalization", expected: "[N,C,…] with C a multiple of \(groups)", found: "\(x)")
    }
    let count = isByGroup ? groups : x[1]
    for index in 1...2 where try inputs.tensor(index) != [count] {
      throw TensorError(
        "GroupNormalization", expected: "[\(count)] for input \(index)",
        found: "\(try inputs.tensor(index))")
    }
    return [ValueInfo(x)]
  }

  /// The groups as rows.
  private func standardized(_ x: Tensor) throws(TensorError) -> Standardization {
    let rows = x.shape[0] * groups
    return Standardization(
      try x.reshaped(to: [rows, rows == 0 ? 0 : x.count / rows]), epsilon: Double(epsilon))
  }

  /// A number for each channel.
  private func channels(_ numbers: Tensor, of x: Shape) -> [Float] {
    guard isByGroup else { return numbers.elements }
    let each = x[1] / groups
    return (0..<x[1]).map { numbers[$0 / each] }
  }

  /// What belongs to the channels, in the shape of a parameter.
  private func collected(_ sums: [Double], _ x: Shape, _ shape: Shape) -> Tensor {
    guard isByGroup else { return Tensor(shape, sums.map { Float($0) }) }
    let each = x[1] / groups
    return Tensor(
      shape, (0..<groups).map { Float(sums[$0 * each..<($0 + 1) * each].reduce(0, +)) })
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
          y, scale: channels(try inputs.tensor(1), of: x.shape),
          shift: channels(try inputs.tensor(2), of: x.shape), in: "GroupNormalization"))
    ]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...2).contains(where: pass.wants) else { return pass.none }
    let (x, scale) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let rows = try standardized(x)
    var (g, all) = (try pass.takeGradient(), pass.none)
    let zeros = [Float](repeating: 0, count: x.shape[1])
    let sums = ChannelAffine.sums(g, x: try rows.output.reshaped(to: x.shape), centre: zeros)
    if pass.wants(1) { all[1] = collected(sums.weighted, x.shape, scale.shape) }
    if pass.wants(2) { all[2] = collected(sums.plain, x.shape, scale.shape) }
    if pass.wants(0) {
      ChannelAffine.becomeGradient(&g, scale: channels(scale, of: x.shape))
      all[0] = try rows.gradient(try g.reshaped(to: rows.output.shape)).reshaped(to: x.shape)
    }
    return all
  }
}

extension GroupNormalization: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil), (2, nil)] }
}
