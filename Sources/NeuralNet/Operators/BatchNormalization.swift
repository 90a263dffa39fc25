import Masks
public import TensorCore

/// y = (x − mean)/√(var + epsilon)·scale + B for each channel of `[N,C,…]`, with the mean and variance
/// the model was trained to: Ioffe and Szegedy 2015 (arXiv:1502.03167), at evaluation.
///
/// It stays in evaluation whatever the run's mode, as Monte-Carlo dropout asks for; so `is_test` of
/// opset 1 to 6, which says the same, is not needed. A node whose own `training_mode` (opset 14) is 1,
/// and any node in training by batch statistics, uses the mean and the variance (÷ n) of the batch;
/// outputs 1 and 2 are then the running ones, running·momentum + batch·(1 − momentum).
public struct BatchNormalization: MapOperator {
  public static let opType = "BatchNormalization"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5, required: true), .float("epsilon", in: 0 ... .infinity),
      .flag("is_test", until: 6), .float("momentum", in: 0...1), .flag("spatial", until: 8),
      .flag("training_mode", since: 14),
    ], inputs: .init(repeating: .init([1: .floats, 14: [.floats, .bfloat16]]), count: 5),
    outputs: [1: 5, 14: 3])
  public static let role = OperatorRole.normalization
  let epsilon: Float
  private let momentum: Float
  private let trains: Bool
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    epsilon = try node.float("epsilon", default: 1e-5)
    momentum = try node.float("momentum", default: 0.9)
    trains = try node.int("training_mode", default: 0) != 0
    wanted = node.node.outputs.count
    guard trains || !node.node.outputs.dropFirst().contains(where: { !$0.isEmpty }) else {
      throw TensorError(
        "BatchNormalization", expected: "one output, or training_mode 1", found: "\(wanted)")
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
    let statistics = [ValueInfo([x[1]]), ValueInfo([x[1]])]
    return [ValueInfo(x)] + (trains ? statistics.prefix(max(0, wanted - 1)) : [])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let (x, scale, bias) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.tensor(2))
    let (mean, variance) = (try inputs.tensor(3), try inputs.tensor(4))
    if trains {
      let all = try trained(x, scale, bias, running: [mean, variance])
      return Array(all.prefix(max(1, wanted)))
    }
    if context.mode == .train, context.batchNormalization == .batch {
      return try trained(x, scale, bias, running: [mean, variance])
    }
    let (factors, shifts) = affine(scale, bias, mean, variance)
    return [
      .float32(
        try ChannelAffine.forward(x, scale: factors, shift: shifts, in: "BatchNormalization"))
    ]
  }

  private func affine(
    _ scale: Tensor, _ bias: Tensor, _ mean: Tensor, _ variance: Tensor
  ) -> (scale: [Float], shift: [Float]) {
    var (factors, shifts): ([Float], [Float]) = ([], [])
    for c in 0..<scale.count {
      let factor = Double(scale[c]) / (Double(variance[c]) + Double(epsilon)).squareRoot()
      factors.append(Float(factor))
      shifts.append(Float(Double(bias[c]) - Double(mean[c]) * factor))
    }
    return (factors, shifts)
  }

  /// What it does by the statistics it was trained to: x·scale + shift. Nil where it takes those of the
  /// batch, or its parameters do not go together. The first input is not looked at.
  func affine(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> (scale: [Float], shift: [Float])? {
    guard !trains, context.mode == .eval || context.batchNormalization == .stored else {
      return nil
    }
    let parameters = (1...4).compactMap { inputs.optional($0)?.tensor }
    guard parameters.count == 4, parameters.allSatisfy({ $0.shape == [parameters[0].count] }) else {
      return nil
    }
    return affine(parameters[0], parameters[1], parameters[2], parameters[3])
  }

  /// The result by the statistics of the batch, and the running ones after it.
  private func trained(
    _ x: Tensor, _ scale: Tensor, _ bias: Tensor, running: [Tensor]
  ) throws(TensorError) -> [Value] {
    let (rows, back) = try standardized(x)
    let y = try ChannelAffine.forward(
      rows.output.gathered(back).reshaped(to: x.shape), scale: scale.elements,
      shift: bias.elements, in: "BatchNormalization")
    let batch = [rows.means, rows.variances]
    let updated = zip(running, batch).map { running, batch in
      Value.float32(
        Tensor(
          running.shape,
          batch.indices.map { running[$0] * momentum + Float(batch[$0]) * (1 - momentum) }))
    }
    return [.float32(y)] + updated
  }

  /// The channels as rows, and the view that turns rows back into x.
  private func standardized(
    _ x: Tensor
  ) throws(TensorError) -> (rows: Standardization, back: StridedView) {
    let (n, c) = (x.shape[0], x.shape[1])
    let area = n * c == 0 ? 0 : x.count / (n * c)
    let there = try StridedView.transposing([n, c, area], order: [1, 0, 2])
    let rows = try x.reshaped(to: [n, c, area]).gathered(there).reshaped(to: [c, n * area])
    let back = StridedView([n, c, area], strides: [area, n * area, 1])
    return (Standardization(rows, epsilon: Double(epsilon)), back)
  }

  private func batchGradient(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (x, scale) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let (rows, back) = try standardized(x)
    var (g, all) = (try pass.takeGradient(), pass.none)
    let zeros = [Float](repeating: 0, count: scale.count)
    let normal = try rows.output.gathered(back).reshaped(to: x.shape)
    let sums = ChannelAffine.sums(g, x: normal, centre: zeros)
    if pass.wants(1) { all[1] = Tensor(scale.shape, sums.weighted.map { Float($0) }) }
    if pass.wants(2) { all[2] = Tensor(scale.shape, sums.plain.map { Float($0) }) }
    if pass.wants(0) {
      ChannelAffine.becomeGradient(&g, scale: scale.elements)
      let there = try StridedView.transposing(back.shape, order: [1, 0, 2])
      let own = rows.gradient(
        try g.reshaped(to: back.shape).gathered(there).reshaped(to: rows.output.shape))
      all[0] = try own.gathered(back).reshaped(to: x.shape)
    }
    return all
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    try trains || pass.outputs.count == 3 ? batchGradient(pass) : storedGradient(pass)
  }

  private func storedGradient(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
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

/// Its mean and variance are statistics, which no gradient moves.
extension BatchNormalization: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil), (2, nil)] }
}

extension BatchNormalization: EpilogueFusing {
  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    guard let affine = try affine(inputs, context), x.shape.rank >= 2,
      affine.scale.count == x.shape[1]
    else { return try epilogue.following(forward(inputs, context)) }
    var all = epilogue
    (all.scale, all.shift) = affine
    return [.float32(all(x))]
  }

  static let stages: Set<EpilogueStage> = [.residual, .activation]
}

extension BatchNormalization: ElementwiseOperator {
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    let shape = try inputs.tensor(0).shape
    let each = shape.dims.dropFirst(2).reduce(1, *)
    let c = offset / max(1, each) % max(1, shape[1])
    func parameter(_ index: Int) throws(TensorError) -> Double {
      Double(try inputs.tensor(index)[c])
    }
    let deviation = (try parameter(4) + Double(epsilon)).squareRoot()
    let value = (x - (try parameter(3))) / deviation * (try parameter(1)) + (try parameter(2))
    return (value, nil)
  }
}
