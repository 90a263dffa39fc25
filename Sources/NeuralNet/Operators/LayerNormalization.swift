import Masks
public import TensorCore

/// The elements from dimension `axis` on brought to mean 0 and variance 1, then × scale + B, which
/// broadcast to x: Ba et al. 2016 (arXiv:1607.06450). Outputs 1 and 2, where wanted: the means and
/// 1/√(variance + epsilon).
public struct LayerNormalization: Operator {
  public static let opType = "LayerNormalization"
  public static let schema = OperatorSchema(
    since: 17,
    attributes: [
      .int("axis", since: 17), .float("epsilon", since: 17, in: 0 ... .infinity),
      .int("stash_type", since: 17),
    ],
    inputs: [
      .init([.floats, .bfloat16]), .init([.floats, .bfloat16]),
      .init([17: [.floats, .bfloat16]], optionalSince: 17),
    ], outputs: [17: 3])
  public static let role = OperatorRole.normalization
  let axis: Int
  let epsilon: Float
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -1)
    epsilon = try node.float("epsilon", default: 1e-5)
    wanted = node.node.outputs.count
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    for index in 1...2 where index == 1 || inputs.optional(2) != nil {
      _ = try StridedView.broadcasting(try inputs.tensor(index), to: x, in: "LayerNormalization")
    }
    let from = try x.axis(axis, in: "LayerNormalization")
    let statistics = Shape(x.dims.indices.map { $0 < from ? x[$0] : 1 })
    return Array(
      [ValueInfo(x), ValueInfo(statistics), ValueInfo(statistics)].prefix(max(1, wanted)))
  }

  /// All axes stay; the last is taken for features where each is brought to its own mean.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    var rule = AxisRule.keeping(of: inputs, outputs: outputs)
    let rank = inputs.optional(0)?.shape.rank ?? 0
    if rank > 0, axis == -1 || axis == rank - 1 {
      rule.expects[0] = [Axis.Name?](repeating: nil, count: rank - 1) + [.feature]
    }
    return rule
  }

  private func standardized(
    _ x: Tensor, scale: [Float]? = nil, shift: [Float]? = nil
  ) throws(TensorError) -> Standardization {
    let from = try x.shape.axis(axis, in: "LayerNormalization")
    let (outer, inner) = (x.shape.dims[..<from], x.shape.dims[from...])
    return Standardization(
      try x.reshaped(to: [outer.reduce(1, *), inner.reduce(1, *)]), epsilon: Double(epsilon),
      scale: scale, shift: shift)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let infos = try outputs(for: inputs.described)
    let x = try inputs.tensor(0)
    let inner = Shape(Array(x.shape.dims[(try x.shape.axis(axis, in: "LayerNormalization"))...]))
    let (scale, bias) = (try inputs.tensor(1), try inputs.optionalTensor(2))
    let isByColumn = scale.shape == inner && (bias == nil || bias?.shape == inner)
    let rows = try standardized(
      x, scale: isByColumn ? scale.elements : nil, shift: isByColumn ? bias?.elements : nil)
    var y = try rows.output.reshaped(to: x.shape)
    if !isByColumn {
      y.changeChunks(reading: try laidOut(1, inputs, x.shape)) { y, scale in
        for i in y.indices { y[i] *= scale[i] }
      }
      if inputs.optional(2) != nil {
        y.changeChunks(reading: try laidOut(2, inputs, x.shape)) { y, bias in
          for i in y.indices { y[i] += bias[i] }
        }
      }
    }
    var results = [Value.float32(y)]
    for (info, numbers) in zip(infos.dropFirst(), [rows.means, rows.inverses]) {
      results.append(.float32(Tensor(info.shape, numbers.map { Float($0) })))
    }
    return results
  }

  private func laidOut(
    _ index: Int, _ inputs: Inputs<Value>, _ shape: Shape
  ) throws(TensorError) -> Tensor {
    let x = try inputs.tensor(index)
    return x.gathered(try .broadcasting(x.shape, to: shape, in: "LayerNormalization"))
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...2).contains(where: pass.wants) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let rows = try standardized(x)
    var (g, all) = (try pass.takeGradient(), pass.none)
    if pass.wants(2) {
      let shape = try pass.inputs.tensor(2).shape
      all[2] = try Reduction.sum(g, to: shape, in: "LayerNormalization")
    }
    if pass.wants(1) {
      var own = g
      own.changeChunks(reading: rows.output) { g, x in for i in g.indices { g[i] *= x[i] } }
      let shape = try pass.inputs.tensor(1).shape
      all[1] = try Reduction.sum(own, to: shape, in: "LayerNormalization")
    }
    if pass.wants(0) {
      g.changeChunks(reading: try laidOut(1, pass.inputs, x.shape)) { g, scale in
        for i in g.indices { g[i] *= scale[i] }
      }
      all[0] = try rows.gradient(try g.reshaped(to: rows.output.shape)).reshaped(to: x.shape)
    }
    return all
  }
}

extension LayerNormalization: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, nil), (2, nil)] }
}
