import Masks
public import TensorCore

/// y = x / scale rounded to the nearest whole number, of two the even one, + zero point, held to what the
/// type has: that of the zero point, else of `output_dtype`, else uint8. To floats of 8 or 4 bits it is
/// rounded as Cast does. Scale and zero point are one for
/// all, for each place along `axis`, or for each block of `block_size` places.
public struct QuantizeLinear: AxisKeepingOperator {
  public static let opType = "QuantizeLinear"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .int("axis", since: 13),
      .int("block_size", since: 21),
      .int("output_dtype", since: 21),
      .int("precision", since: 23),
      .int("saturate", since: 19),
    ],
    inputs: [
      .init([10: [.float32, .int32], 19: [ElementTypes(.float16), .float32, .bfloat16, .int32]]),
      .init([10: .float32, 19: [ElementTypes(.float16), .float32, .bfloat16, .int32]]),
      .init([10: .bytes, 21: [.shortIntegers, .bytes]], optionalSince: 10),
    ])
  public static let typedOutputs = 0
  private let scale: QuantizedScale
  private let type: ElementType?
  private let manner: NarrowCast

  public init(_ node: NodeReader) throws(TensorError) {
    scale = try QuantizedScale(node)
    manner = try NarrowCast(node)
    type = try node.elementType("output_dtype")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, zero) = (try inputs.required(0), inputs.optional(2))
    let type = inputs.type(2) ?? type ?? .uint8
    let isNarrow = type.computed == .int64 || type.narrowBits != nil
    guard x.type == .float32 || x.type == .int64, isNarrow else {
      throw TensorError(
        "QuantizeLinear", expected: "numbers, and a type of whole or narrow ones to make of them",
        found: "\(x.type) and \(type)")
    }
    try scale.check(try inputs.tensor(1), x.shape, in: "QuantizeLinear")
    if let zero, !QuantizedScale.agree(zero.shape, try inputs.tensor(1)) {
      throw TensorError(
        "QuantizeLinear", expected: "a zero point for each scale", found: "\(zero.shape)")
    }
    return [ValueInfo(x.shape, type: type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let x = try inputs.required(0).floats ?? Tensor(made.shape, repeating: 0)
    let scales = try scale.laidOut(try inputs.tensor(1), along: x.shape, in: "QuantizeLinear")
    if made.type.isFloat {
      // Their zero point is 0.
      let (type, manner) = (made.type, manner)
      let y = Tensor(x.shape) { y in
        for i in y.indices { y[i] = manner.narrowed(x[i] / scales[i], to: type) }
      }
      return [.typed(type, .float32(y))]
    }
    let zeros =
      inputs.optional(2) == nil
      ? nil : try scale.laidOut(try inputs.integers(2), along: x.shape, in: "QuantizeLinear")
    // Quotients are those of single precision, as they are everywhere else.
    let numbers = (0..<x.count).map {
      made.type.quantized(Double(x[$0] / scales[$0]), zero: zeros?[$0] ?? 0)
    }
    return [try Value(.int64(NDArray(x.shape, numbers)), as: made.type)]
  }

  /// A scale and a zero point for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.bytes(of: 24)
  }

  /// Steps have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
