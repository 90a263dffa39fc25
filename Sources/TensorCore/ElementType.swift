/// The element types of ONNX's tensors (TensorProto.DataType). Values keep the type their model gives
/// them; arithmetic happens in `computed`.
///
/// A type is one case here, one line in `onnx`, `computed` and `size`, and its rounding in
/// `rounded(_:)` or `wrapped(_:)`.
public enum ElementType: String, CaseIterable, Sendable {
  /// IEEE floats of 2, 4 and 8 bytes, and the upper half of a float32.
  case float16, float32, float64, bfloat16
  /// Whole numbers in two's complement.
  case int8, int16, int32, int64
  /// Whole numbers of 0 or more.
  case uint8, uint16, uint32, uint64
  /// Whole numbers of 2 and 4 bits, several a byte.
  case int2, uint2, int4, uint4
  /// Floats of 8 and 4 bits: see `NarrowFloat`.
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, float8e8m0, float4e2m1
  /// True or false.
  case bool
  /// Text; carried along, never computed with.
  case string
  /// No element: several arrays one after another, each of a type of its own.
  case sequence
  /// What this program only carries along: complex numbers, maps.
  case unsupported

  /// ONNX's number for the type; 0 (UNDEFINED) for `sequence` and `unsupported`.
  public var onnx: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .string: 8
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    case .float8e4m3fn: 17
    case .float8e4m3fnuz: 18
    case .float8e5m2: 19
    case .float8e5m2fnuz: 20
    case .uint4: 21
    case .int4: 22
    case .float4e2m1: 23
    case .float8e8m0: 24
    case .uint2: 25
    case .int2: 26
    case .sequence, .unsupported: 0
    }
  }

  /// The type of a number of ONNX's TensorProto.DataType.
  public init(onnx number: Int) {
    self = ElementType.allCases.first { $0.onnx == number && number != 0 } ?? .unsupported
  }

  /// The type that arithmetic on such numbers happens in: float32, int64 or bool; nil where there is
  /// none.
  public var computed: ElementType? {
    switch self {
    case .float16, .float32, .float64, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2,
      .float8e5m2fnuz, .float8e8m0, .float4e2m1:
      .float32
    case .int2, .uint2, .int4, .uint4, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32,
      .uint64:
      .int64
    case .bool: .bool
    case .string, .sequence, .unsupported: nil
    }
  }

  /// Bytes an element takes in a file; nil where that is not fixed, or less than one.
  public var size: Int? {
    switch self {
    case .int8, .uint8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float8e8m0:
      1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    case .int2, .uint2, .int4, .uint4, .float4e2m1, .string, .sequence, .unsupported:
      nil
    }
  }

  /// Whether the elements are floats.
  public var isFloat: Bool { computed == .float32 }

  /// The least number of a type of whole numbers.
  public var leastInteger: Int64 {
    switch self {
    case .int2: -2
    case .int4: -8
    case .int8: Int64(Int8.min)
    case .int16: Int64(Int16.min)
    case .int32: Int64(Int32.min)
    case .uint2, .uint4, .uint8, .uint16, .uint32, .uint64: 0
    default: .min
    }
  }

  /// The nearest number of a float type, ties to even; too large a one is infinite.
  public func rounded(_ x: Float) -> Float {
    switch self {
    case .float16: return Float(Float16(x))
    case .bfloat16:
      guard x.isFinite else { return x }
      // Half of the last place that stays, and one less where that place is even.
      let bits = x.bitPattern
      return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1:
      return rounded(x, saturates: false)
    default: return x
    }
  }

  /// The whole number of an integer type that has the same lowest bits. A uint64 above the largest
  /// int64 is held as the int64 of the same bits.
  public func wrapped(_ x: Int64) -> Int64 {
    switch self {
    case .int2: (x & 3 ^ 2) - 2
    case .uint2: x & 3
    case .int4: (x & 15 ^ 8) - 8
    case .uint4: x & 15
    case .int8: Int64(Int8(truncatingIfNeeded: x))
    case .int16: Int64(Int16(truncatingIfNeeded: x))
    case .int32: Int64(Int32(truncatingIfNeeded: x))
    case .uint8: Int64(UInt8(truncatingIfNeeded: x))
    case .uint16: Int64(UInt16(truncatingIfNeeded: x))
    case .uint32: Int64(UInt32(truncatingIfNeeded: x))
    default: x
    }
  }
}
