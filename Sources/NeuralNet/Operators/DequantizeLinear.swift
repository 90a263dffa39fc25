import Masks
public import TensorCore

/// y = (x − zero point)·scale, of the scale's type or `output_dtype`, of whole numbers or of floats of 8 or 4
/// bits, whose zero point is 0; scale and zero point are laid along
/// x as those of QuantizeLinear.
public struct DequantizeLinear: AxisKeepingOperator {
  public static let opType = "DequantizeLinear"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .int("axis", since: 13),
      .int("block_size", since: 21),
      .int("output_dtype", since: 23),
    ],
    inputs: [
      .init([10: [.bytes, .int32], 21: [.shortIntegers, .bytes, .int32]]),
      .init([10: .float32, 19: [ElementTypes(.float16), .float32, .bfloat16]]),
      .init([10: [.bytes, .int32], 21: [.shortIntegers, .bytes, .int32]], optionalSince: 10),
    ])
  public static let typedOutputs = 0
  private let scale: QuantizedScale
  private let type: ElementType?

  public init(_ node: NodeReader) throws(TensorError) {
    scale = try QuantizedScale(node)
    type = try node.elementType("output_dtype")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .int64 || inputs.type(0)?.narrowBits != nil else {
      throw TensorError(
        "DequantizeLinear", expected: "whole or narrow numbers for input 0", found: "\(x.type)")
    }
    let type = type ?? inputs.type(1) ?? .float32
    guard type.isFloat else {
      throw TensorError("DequantizeLinear", expected: "a type of floats", found: "\(type)")
    }
    try scale.check(try inputs.tensor(1), x.shape, in: "DequantizeLinear")
    if let zero = inputs.optional(2),
      !QuantizedScale.agree(zero.shape, try inputs.tensor(1)) || zero.type != x.type
    {
      throw TensorError(
        "DequantizeLinear", expected: "a zero point for each scale",
        found: "\(zero.type) \(zero.shape)")
    }
    return [ValueInfo(x.shape, type: type)]
  }

  private func centred(_ inputs: Inputs<Value>) throws(TensorError) -> Tensor {
    // The zero point of floats is 0.
    if case .float32(let x) = try inputs.required(0) { return x }
    let x = try inputs.integers(0)
    guard inputs.optional(2) != nil else { return x.map { Float($0) } }
    let zeros = try scale.laidOut(try inputs.integers(2), along: x.shape, in: "DequantizeLinear")
    return Tensor(x.shape, (0..<x.count).map { Float(x[$0] &- zeros[$0]) })
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    var y = try centred(inputs)
    let scales = try scale.laidOut(try inputs.tensor(1), along: y.shape, in: "DequantizeLinear")
    y.changeChunks(reading: scales) { y, scales in for i in y.indices { y[i] *= scales[i] } }
    return [try Value(.float32(y), as: made.type)]
  }

  /// A scale and a zero point for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.bytes(of: 16)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(1) else { return pass.none }
    var all = pass.none
    var x = try centred(pass.inputs)
    let shape = try pass.inputs.tensor(1).shape
    let g = try pass.takeGradient()
    x.changeChunks(reading: g) { x, g in for i in x.indices { x[i] *= g[i] } }
    all[1] = try scale.sums(x, to: shape, in: "DequantizeLinear")
    return all
  }
}
