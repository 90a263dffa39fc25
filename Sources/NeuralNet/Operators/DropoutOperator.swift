public import Masks
public import TensorCore

/// A model's own Dropout node, in its three wire forms: attributes `ratio` and `is_test` (opset 1 to
/// 6), attribute `ratio` (7 to 11), inputs 1 `ratio` and 2 `training_mode` (12 on).
///
/// It does what its file says: a `training_mode` that is true acts in evaluation too, one that is false
/// is the identity in training too, and without one the run's mode decides. Up to opset 6 `is_test`
/// says that it is the identity, and 0, which is the default, that it acts; as a file has no other way
/// there to say that a node rests at inference, the run's mode decides where `is_test` is set.
///
/// Where it acts it drops each element by itself, kept ones × 1/(1−ratio); else it is the identity with
/// a mask that keeps everything. Output 1 is the mask: bool since opset 10, before 1 or 0 as float32. A
/// `seed` attribute counts where the context obeys it.
///
/// Where it acts in training the mask is made whether or not the file gives it a name, and after it what
/// kept elements were multiplied by: the backward pass needs both.
public struct DropoutOperator: AxisKeepingOperator {
  public static let opType = "Dropout"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("consumed_inputs", until: 5), .flag("is_test", until: 6),
      .float("ratio", until: 11, in: 0...1), .int("seed", since: 12),
    ],
    inputs: [
      .init([1: .floats, 13: [.floats, .bfloat16]]),
      .init([12: .floats, 22: [.floats, .bfloat16]], optionalSince: 12),
      .init([12: .bool], optionalSince: 12),
    ], outputs: [1: 2])
  public static let role = OperatorRole.dropout
  private let attribute: Float
  private let readsInputs: Bool
  private let isTest: Bool
  private let opset: Int
  private let maskType: ElementType
  private let wantsMask: Bool
  private let seed: UInt32?

  public init(_ node: NodeReader) throws(TensorError) {
    attribute = try node.float("ratio", default: 0.5)
    (readsInputs, opset) = (node.opset >= 12, node.opset)
    isTest = try node.int("is_test", default: 0) != 0
    maskType = node.opset >= 10 ? .bool : .float32
    wantsMask = node.node.outputs.count > 1 && !node.node.outputs[1].isEmpty
    seed = try node.has("seed") ? UInt32(exactly: node.int("seed", default: 0)) : nil
    if !readsInputs { _ = try rate(attribute) }
  }

  /// The rate the model was trained with; nil where only a run can tell.
  /// - Throws: `TensorError` where it is none.
  public func rate(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Rate? {
    guard readsInputs else { return try rate(attribute) }
    guard let input = inputs.optional(1) else { return try rate(0.5) }
    guard input.type.isFloat, input.shape.count == 1 else {
      throw TensorError(
        "Dropout", expected: "one float for input 1", found: "\(input.type) \(input.shape)")
    }
    guard case .float32(let ratio)? = input.constant else { return nil }
    return try rate(ratio[0])
  }

  /// The decimal a file's author meant: .1 is stored as 0.100000001.
  private func rate(_ ratio: Float) throws(TensorError) -> Rate {
    try Rate(Double(ratio.description) ?? Double(ratio))
  }

  /// When it acts, by what is known of its inputs.
  /// - Parameter names: what its inputs are called
  public func activity(
    for inputs: Inputs<ValueInfo>, named names: [String]
  ) -> WrittenDropout.Activity {
    guard readsInputs else { return opset < 7 && !isTest ? .always : .training }
    guard names.count > 2, !names[2].isEmpty else { return .training }
    guard case .bool(let acts)? = inputs.optional(2)?.constant, acts.count == 1 else {
      return .given(names[2])
    }
    return acts[0] ? .always : .never
  }

  /// Whether it acts in a run.
  func acts(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> Bool {
    guard readsInputs else { return context.mode == .train || opset < 7 && !isTest }
    guard let given = inputs.optional(2) else { return context.mode == .train }
    try check(given.type, given.shape)
    guard case .bool(let acts) = given else { return false }
    return acts[0]
  }

  private func check(_ type: ElementType, _ shape: Shape) throws(TensorError) {
    guard type == .bool, shape.count == 1 else {
      throw TensorError(
        "Dropout", expected: "one bool for input 2", found: "\(type) \(shape)")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try inputs.tensor(0)
    _ = try rate(for: inputs)
    if readsInputs, let mode = inputs.optional(2) { try check(mode.type, mode.shape) }
    return [ValueInfo(shape)] + (wantsMask ? [ValueInfo(shape, type: maskType)] : [])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    guard let rate = try rate(for: inputs.described) else {
      throw TensorError("Dropout", expected: "a ratio", found: "none")
    }
    guard !context.disablesOwnDropout, try acts(inputs, context) else {
      return [.float32(x)] + maskOutput(NDArray(x.shape, repeating: true))
    }
    let dropout = Dropout(ElementDropout(), rate: rate)
    let flat = try x.reshaped(to: layout(x.shape).shape)
    let y: Tensor
    let mask: Mask
    if context.obeysSeeds, let seed {
      let kept = numPyMask(flat.shape, rate: rate, seed: seed)
      mask = Mask(layout: layout(x.shape), kept: kept)
      y = dropout.apply(flat, mask: mask)
    } else {
      (y, mask) = try dropout.drop(
        flat, layout: layout(x.shape), stream: context.stream, threads: Parallel.threads)
    }
    let kept = try mask.kept.reshaped(to: x.shape)
    let scale = dropout.transfers(mask: mask, mode: .train)[0].scale
    let made = Value.float32(try y.reshaped(to: x.shape))
    guard context.mode == .train else { return [made] + maskOutput(kept) }
    return [made] + (wantsMask ? maskOutput(kept) : [.bool(kept)])
      + [.float32(Tensor(scalar: scale))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let g = try pass.takeGradient()
    // Only where it acts in training it makes three outputs.
    guard pass.outputs.count == 3 else { return pass.only(g) }
    let scale = try pass.output(2)[0]
    return pass.only(Transfer(scale: scale).gradient(g, kept: try kept(pass.outputs[1])))
  }

  private func kept(_ mask: Value) throws(TensorError) -> NDArray<Bool> {
    switch mask {
    case .bool(let kept): kept
    case .float32(let numbers): numbers.map { $0 != 0 }
    default:
      throw TensorError("Dropout", expected: "a mask", found: mask.type.rawValue)
    }
  }

  /// What ONNX's reference keeps: `numpy.random.seed(seed)`, then
  /// `numpy.random.uniform(0, 1, shape) >= ratio`.
  private func numPyMask(_ shape: Shape, rate: Rate, seed: UInt32) -> NDArray<Bool> {
    var generator = MersenneTwister(seed: seed)
    let ratio = Double(Float(rate.p))
    return NDArray(shape, (0..<shape.count).map { _ in generator.uniform() >= ratio })
  }

  private func maskOutput(_ kept: NDArray<Bool>) -> [Value] {
    guard wantsMask else { return [] }
    return [maskType == .bool ? .bool(kept) : .float32(kept.map { $0 ? 1 : 0 })]
  }

  /// Elements are dropped each by itself, so any shape will do: samples, and what is in one.
  private func layout(_ shape: Shape) -> Layout {
    Layout(n: shape.dims.first ?? 1, c: shape.dims.dropFirst().reduce(1, *), h: 1, w: 1)
  }
}

extension DropoutOperator: ElementwiseOperator {
  /// Nothing happens at evaluation.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (x, nil)
  }
}
