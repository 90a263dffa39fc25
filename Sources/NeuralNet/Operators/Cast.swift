import Masks
public import TensorCore

/// x as another type: `to` is a number of ONNX's TensorProto.DataType. Values here are float32, int64 or
/// bool: a cast to a smaller float rounds to it, to a smaller whole number wraps around to it, and to a
/// double stays single.
public struct Cast: Operator {
  public static let opType = "Cast"
  private let target: CastTarget

  public init(_ node: NodeReader) throws(TensorError) {
    let number = try node.int("to", default: 0)
    guard let target = CastTarget(number) else {
      throw TensorError("Cast to", expected: "a type of number or bool", found: "\(number)")
    }
    self.target = target
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.required(0).shape, type: target.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [target.cast(try inputs.required(0))]
  }

  /// From float to float the gradient passes as it is; any other cast has none.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0), target.type == .float32 else { return pass.none }
    return pass.only(try pass.takeGradient())
  }
}

/// What a cast leads to.
private enum CastTarget {
  case float32, float16, bool
  case whole(@Sendable (Int64) -> Int64)

  /// The target of a TensorProto.DataType; nil for text, complex numbers and what has no exact stand-in.
  init?(_ number: Int) {
    switch number {
    case 1, 11: self = .float32
    case 2: self = .whole { Int64(UInt8(truncatingIfNeeded: $0)) }
    case 3: self = .whole { Int64(Int8(truncatingIfNeeded: $0)) }
    case 4: self = .whole { Int64(UInt16(truncatingIfNeeded: $0)) }
    case 5: self = .whole { Int64(Int16(truncatingIfNeeded: $0)) }
    case 6: self = .whole { Int64(Int32(truncatingIfNeeded: $0)) }
    case 7: self = .whole { $0 }
    case 9: self = .bool
    case 10: self = .float16
    case 12: self = .whole { Int64(UInt32(truncatingIfNeeded: $0)) }
    default: return nil
    }
  }

  var type: ElementType {
    switch self {
    case .float32, .float16: .float32
    case .bool: .bool
    case .whole: .int64
    }
  }

  func cast(_ value: Value) -> Value {
    switch self {
    case .float32: .float32(value.floats)
    case .float16: .float32(value.floats.map { Float(Float16($0)) })
    case .bool:
      switch value {
      case .float32(let x): .bool(x.map { $0 != 0 })
      case .int64(let x): .bool(x.map { $0 != 0 })
      case .bool: value
      }
    case .whole(let wrap):
      switch value {
      // Towards 0; what no whole number is, or too large a one, is left open by ONNX.
      case .float32(let x): .int64(x.map { wrap(Int64(clamping: $0)) })
      case .int64(let x): .int64(x.map(wrap))
      case .bool(let x): .int64(x.map { $0 ? 1 : 0 })
      }
    }
  }
}

extension Value {
  /// The elements as float32; true is 1.
  fileprivate var floats: Tensor {
    switch self {
    case .float32(let x): x
    case .int64(let x): x.map { Float($0) }
    case .bool(let x): x.map { $0 ? 1 : 0 }
    }
  }
}

extension Int64 {
  /// The whole number nearest to x towards 0, or the nearest there is; 0 for NaN.
  fileprivate init(clamping x: Float) {
    self = x.isNaN ? 0 : x >= 0x1p63 ? .max : x <= -0x1p63 ? .min : Int64(x)
  }
}
