import Masks
public import TensorCore

/// The bits of x as numbers of another type of as many bits: `to` is a number of ONNX's
/// TensorProto.DataType. A double has the bits of the single-precision number that it is held as.
public struct BitCast: AxisKeepingOperator {
  public static let opType = "BitCast"
  public static let schema = OperatorSchema(
    since: 26,
    attributes: [.int("to", since: 26, required: true, in: 1...26)],
    inputs: [.init([.floats, .integers, .bool, .bfloat16])])
  public static let typedOutputs = 0
  private let target: ElementType

  public init(_ node: NodeReader) throws(TensorError) {
    guard let type = try node.elementType("to") else {
      throw TensorError("BitCast to", expected: "a type of numbers", found: "none")
    }
    target = type
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    let type = inputs.type(0) ?? x.type
    guard let bits = type.bits, bits == target.bits else {
      throw TensorError(
        "BitCast", expected: "a type of as many bits as \(target)", found: "\(type)")
    }
    return [ValueInfo(x.shape, type: target)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let x = try inputs.required(0)
    let type = inputs.type(0) ?? x.type
    let bits: NDArray<UInt64>
    switch x {
    case .float32(let x): bits = x.map { type.pattern($0) }
    case .int64(let x): bits = x.map { UInt64(bitPattern: $0) }
    case .bool(let x): bits = x.map { $0 ? 1 : 0 }
    default: throw TensorError("BitCast", expected: "numbers", found: "\(x.type)")
    }
    let target = target
    switch target.computed {
    case .float32: return [target.typed(.float32(bits.map { target.number($0) }))]
    case .int64: return [try Value(.int64(bits.map { Int64(bitPattern: $0) }), as: target)]
    default: return [.bool(bits.map { $0 & 0xFF != 0 })]
    }
  }

  /// Bits have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}

extension ElementType {
  /// Bits of an element; nil where that is not fixed.
  fileprivate var bits: Int? { narrowBits ?? size.map { 8 * $0 } }

  /// The bits of a float of the type.
  fileprivate func pattern(_ x: Float) -> UInt64 {
    switch self {
    case .float16: UInt64(Float16(x).bitPattern)
    case .bfloat16: UInt64(x.bitPattern >> 16)
    case .float64: Double(x).bitPattern
    case .float32: UInt64(x.bitPattern)
    default: UInt64(narrowBytes(floats: [x])[0])
    }
  }

  /// The float that such bits are.
  fileprivate func number(_ bits: UInt64) -> Float {
    switch self {
    case .float16: Float(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)
    case .float64: Float(Double(bitPattern: bits))
    case .float32: Float(bitPattern: UInt32(truncatingIfNeeded: bits))
    default: narrowFloats([UInt8(truncatingIfNeeded: bits)], count: 1)[0]
    }
  }

  /// Floats of the type as a value of it.
  fileprivate func typed(_ floats: Value) -> Value {
    self == .float32 ? floats : .typed(self, floats)
  }
}
