import Masks
public import TensorCore

/// y = min(max(x, low), high), float32 or int64; bounds from the attributes `min` and `max` before
/// opset 11, from inputs 1 and 2 since. NaN stays NaN.
public struct Clip: AxisKeepingOperator {
  public static let opType = "Clip"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5), .float("max", until: 10), .float("min", until: 10),
    ],
    inputs: [
      .init([1: .floats, 12: [.floats, .integers], 13: [.floats, .integers, .bfloat16]]),
      .init(
        [11: .floats, 12: [.floats, .integers], 13: [.floats, .integers, .bfloat16]],
        optionalSince: 11),
      .init(
        [11: .floats, 12: [.floats, .integers], 13: [.floats, .integers, .bfloat16]],
        optionalSince: 11),
    ])
  public static let role = OperatorRole.activation
  private let low: Float
  private let high: Float
  private let largest: Float
  private let readsInputs: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    readsInputs = node.opset >= 11
    // Without a bound the largest float is one since opset 6, so that no infinity stays.
    largest = node.opset < 6 ? .infinity : .greatestFiniteMagnitude
    low = try node.float("min", default: -largest)
    high = try node.float("max", default: largest)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || (x.type == .int64 && readsInputs) else {
      throw TensorError(
        "Clip", expected: readsInputs ? "float32 or int64" : "float32", found: "\(x.type)")
    }
    for index in 1...2 where readsInputs {
      guard let bound = inputs.optional(index) else { continue }
      guard bound.type == x.type, bound.shape.count == 1 else {
        throw TensorError(
          "Clip", expected: "one \(x.type) for input \(index)",
          found: "\(bound.type) \(bound.shape)")
      }
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    if case .int64(let x) = try inputs.required(0) {
      let order = context.integerOrder
      let low = inputs.optional(1) == nil ? Int64.min : try inputs.integers(1)[0] ^ order
      let high = inputs.optional(2) == nil ? Int64.max : try inputs.integers(2)[0] ^ order
      return [
        .int64(
          x.mapChunks { x, y in
            for i in x.indices { y[i] = Clip.clipped(x[i] ^ order, low, high) ^ order }
          })
      ]
    }
    let (low, high) = try bounds(inputs)
    return [.float32(ElementFunction.clip(low, high)(try inputs.tensor(0)))]
  }

  /// To x where it lies between the bounds, both included, else to the bound that it became.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard (0...2).contains(where: pass.wants) else { return pass.none }
    let (low, high) = try bounds(pass.inputs)
    let x = try pass.inputs.tensor(0)
    let g = try pass.takeGradient()
    var all = pass.none
    for (index, part) in [ClippedPart.below, .above].enumerated() where pass.wants(index + 1) {
      var own = g
      part.select(&own, x, low, high)
      let shape = try pass.inputs.tensor(index + 1).shape
      all[index + 1] = try Reduction.sum(own, to: [], in: "Clip").reshaped(to: shape)
    }
    if pass.wants(0) {
      var own = consume g
      ClippedPart.between.select(&own, x, low, high)
      all[0] = own
    }
    return all
  }

  private func bounds(_ inputs: Inputs<Value>) throws(TensorError) -> (low: Float, high: Float) {
    guard readsInputs else { return (low, high) }
    return (
      try inputs.optionalTensor(1)?[0] ?? -largest, try inputs.optionalTensor(2)?[0] ?? largest
    )
  }

  /// Where the bounds cross, the upper one wins.
  @inline(__always)
  private static func clipped<T: Comparable>(_ x: T, _ low: T, _ high: T) -> T {
    let raised = x < low ? low : x
    return raised > high ? high : raised
  }
}

extension Clip: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) throws(TensorError) -> Activation? {
    for index in 1...2 {
      guard let bound = inputs.optional(index) else { continue }
      guard case .float32(let number) = bound, number.count == 1 else { return nil }
    }
    let (low, high) = try bounds(inputs)
    return .clip(low, high)
  }
}

/// Where a gradient goes by where x lies.
private enum ClippedPart {
  case below, between, above

  /// Makes zeros of the elements of g whose x lies elsewhere. NaN lies between, for it stays.
  func select(_ g: inout Tensor, _ x: Tensor, _ low: Float, _ high: Float) {
    g.changeChunks(reading: x) { g, x in
      switch self {
      case .below: for i in g.indices { g[i] = x[i] < low && low <= high ? g[i] : 0 }
      case .between: for i in g.indices { g[i] = x[i] < low || x[i] > high ? 0 : g[i] }
      case .above: for i in g.indices { g[i] = x[i] > high || low > high ? g[i] : 0 }
      }
    }
  }
}

extension Clip: ElementwiseOperator {
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    var own = (0..<inputs.count).map { inputs.optional($0) }
    guard index < own.count else { return (x, nil) }
    own[index] = .float32(Tensor(scalar: Float(x)))
    guard case .float32(let y)? = try forward(Inputs(inputs.opType, own), RunContext()).first else {
      return (x, nil)
    }
    return (Double(y[0]), nil)
  }
}
