import Masks
public import TensorCore

/// A convolution of whole numbers, exact: what ConvInteger and QLinearConv have in common.
public protocol WholeConvolution: MapOperator {
  /// The convolution's geometry.
  var conv: Conv { get }
  /// The positions of the weights, and of the zero points of x and of the weights.
  static var places: (weights: Int, zero: Int, weightZero: Int) { get }
}

extension WholeConvolution {
  public static var role: OperatorRole { .convolution }
  public static var makesChannels: Bool { true }
  public static var typedOutputs: Int { 0 }

  /// The result's shape.
  func shape(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (x, w) = (try inputs.whole(0), try inputs.whole(Self.places.weights))
    if inputs.optional(Self.places.zero) != nil, try inputs.whole(Self.places.zero).count != 1 {
      throw TensorError(
        Self.opType, expected: "one zero point of x",
        found: "\(try inputs.whole(Self.places.zero))")
    }
    if inputs.optional(Self.places.weightZero) != nil {
      let zero = try inputs.whole(Self.places.weightZero)
      guard zero.count == 1 || (w.rank > 0 && zero.dims == [w[0]]) else {
        throw TensorError(
          Self.opType, expected: "a zero point of the weights, or one for each channel",
          found: "\(zero)")
      }
    }
    let plan = try conv.plan(x, w)
    return try plan.slices.result(plan.output)
  }

  /// Σ (x − zero)·(w − zero) over each window.
  func sums(_ inputs: Inputs<Value>) throws(TensorError) -> NDArray<Int64> {
    func number(_ index: Int) throws(TensorError) -> NDArray<Int64>? {
      guard inputs.optional(index) != nil else { return nil }
      let zero = try inputs.integers(index)
      return zero.count == 1 ? NDArray(scalar: zero[0]) : zero
    }
    let (own, w) = (try inputs.integers(0), try inputs.integers(Self.places.weights))
    let x = try own.less(try number(Self.places.zero), in: Self.opType)
    var zero = try number(Self.places.weightZero)
    if let each = zero, each.shape.rank == 1 {
      zero = try each.reshaped(to: Shape([each.count] + w.shape.dims.dropFirst().map { _ in 1 }))
    }
    let weights = try w.less(zero, in: Self.opType)
    var plan = try conv.plan(x.shape, w.shape)
    plan.convolution.isExact = true
    let terms = w.shape.dims.dropFirst().reduce(1, *)
    return try WholeSums.of(x, weights, terms: terms) { x, weights throws(TensorError) in
      let y = try plan.convolution.forward(
        try plan.slices.unfolded(x), weights: try weights.reshaped(to: plan.weights))
      return try plan.slices.volumes(y)
    }
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let w = inputs.optional(Self.places.weights)?.shape, w.count > 0 else { return 0 }
    return outputs[0].shape.count.saturatingMultiplied(by: w.count / w[0])
  }

  /// The numbers less their zero points, in parts and as floats.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let shapes = [inputs.optional(0), inputs.optional(Self.places.weights), outputs[0]]
    return shapes.reduce(0) { $0.saturatingAdding($1?.shape.bytes(of: 40) ?? 0) }
  }

  /// Whole numbers have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
