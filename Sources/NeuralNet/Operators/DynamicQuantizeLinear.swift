import Masks
public import TensorCore

/// x as uint8 over the range that it and 0 have: y, the scale and the zero point, which are numbers.
public struct DynamicQuantizeLinear: AxisKeepingOperator {
  public static let opType = "DynamicQuantizeLinear"
  public static let schema = OperatorSchema(
    since: 11,
    inputs: [.init(.float32)],
    outputs: [11: 3])
  public static let typedOutputs = 0
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [
      ValueInfo(try inputs.tensor(0), type: .uint8), ValueInfo([]), ValueInfo([], type: .uint8),
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    let (least, most) = x.withElements { x in
      x.reduce((Float(0), Float(0))) { (min($0.0, $1), max($0.1, $1)) }
    }
    let scale = most == least ? 1 : (most - least) / 255
    let zero = ElementType.uint8.quantized(Double(-least / scale), zero: 0)
    let y = x.map { ElementType.uint8.quantized(Double($0 / scale), zero: zero) }
    return [
      try Value(.int64(y), as: .uint8), .float32(Tensor(scalar: scale)),
      try Value(.int64(NDArray(scalar: zero)), as: .uint8),
    ]
  }

  /// Steps have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
