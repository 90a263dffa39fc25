import Masks
public import TensorCore

/// x as another type: `to` is a number of ONNX's TensorProto.DataType. A cast to a smaller float rounds
/// to it, to a smaller whole number wraps around to it; a double is computed in single precision.
public struct Cast: AxisKeepingOperator {
  public static let opType = "Cast"
  public static let schema = OperatorSchema(
    attributes: [
      .string("round_mode", since: 24, of: ["up", "down", "nearest"]), .flag("saturate", since: 19),
      .string("to", until: 5, required: true), .int("to", since: 6, required: true, in: 1...26),
    ], inputs: [.init([1: [.floats, .integers, .bool], 9: .firstTypes, 13: .all])])
  public static let typedOutputs = 0
  private let target: ElementType
  private let manner: NarrowCast

  public init(_ node: NodeReader) throws(TensorError) {
    let number = try node.int("to", default: 0)
    target = ElementType(onnx: number)
    guard target.computed != nil else {
      throw TensorError("Cast to", expected: "a type of number or bool", found: "\(number)")
    }
    manner = try NarrowCast(node)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.required(0).shape, type: target)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try Cast.cast(try inputs.required(0), of: context.integers, to: target, manner)]
  }

  /// From float to float the gradient passes as it is; any other cast has none.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0), target.isFloat else { return pass.none }
    return pass.only(try pass.takeGradient())
  }

  /// Numbers in the type they are computed in, whole ones of type `integers`, as another type.
  static func cast(
    _ x: Value, of integers: ElementType, to type: ElementType, _ manner: NarrowCast
  ) throws(TensorError) -> Value {
    let numbers: Value
    switch (x, type.computed) {
    case (.float32, .float32), (.int64, .int64), (.bool, .bool): numbers = x
    case (.int64(let x), .float32) where integers == .uint64:
      numbers = .float32(x.map { Float(UInt64(bitPattern: $0)) })
    case (.int64(let x), .float32): numbers = .float32(x.map { Float($0) })
    case (.bool(let x), .float32): numbers = .float32(x.map { $0 ? 1 : 0 })
    case (.float32(let x), .bool): numbers = .bool(x.map { $0 != 0 })
    case (.int64(let x), .bool): numbers = .bool(x.map { $0 != 0 })
    // Towards 0; what no whole number is, or too large a one, is left open by ONNX.
    case (.float32(let x), .int64) where type == .uint64:
      numbers = .int64(x.map { $0 < 0x1p63 ? Int64(clamping: $0) : Int64(aboveSigned: $0) })
    case (.float32(let x), .int64): numbers = .int64(x.map { Int64(clamping: $0) })
    case (.bool(let x), .int64): numbers = .int64(x.map { $0 ? 1 : 0 })
    default: throw TensorError("Cast", expected: "numbers or bools", found: x.type.rawValue)
    }
    guard case .float32(let floats) = numbers, type.narrowBits != nil else {
      return try Value(numbers, as: type)
    }
    return .typed(type, .float32(floats.map { manner.narrowed($0, to: type) }))
  }
}

/// How a cast to floats of 8 and 4 bits treats what they do not hold.
struct NarrowCast: Sendable {
  /// Whether what is too large becomes the largest.
  let saturates: Bool
  /// To which powers of two float8e8m0 rounds.
  let powers: ElementType.PowerRounding

  /// The nearest number of a type; of float4e2m1, which has nothing beyond, always the largest for what is
  /// too large.
  func narrowed(_ x: Float, to type: ElementType) -> Float {
    type.rounded(x, saturates: saturates || type == .float4e2m1, powers: powers)
  }

  /// Reads `saturate` and `round_mode`.
  init(_ node: NodeReader) throws(TensorError) {
    saturates = try node.int("saturate", default: 1) != 0
    let word = try node.string("round_mode", default: "up")
    guard let powers = ElementType.PowerRounding(rawValue: word) else {
      throw TensorError(
        "\(node.node.opType) round_mode", expected: "up, down or nearest", found: word)
    }
    self.powers = powers
  }
}

extension Int64 {
  /// The whole number nearest to x towards 0, or the nearest there is; 0 for NaN.
  fileprivate init(clamping x: Float) {
    self = x.isNaN ? 0 : x >= 0x1p63 ? .max : x <= -0x1p63 ? .min : Int64(x)
  }

  /// The bits of the uint64 nearest to an x that no int64 reaches.
  fileprivate init(aboveSigned x: Float) {
    self = x.isNaN ? 0 : Int64(bitPattern: x >= 0x1p64 ? .max : UInt64(x))
  }
}
