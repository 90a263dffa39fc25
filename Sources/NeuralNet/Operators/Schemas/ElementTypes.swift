public import TensorCore

/// A set of element types.
public struct ElementTypes: OptionSet, Hashable, Sendable {
  /// A bit for each type, in the order of `ElementType.allCases`.
  public let rawValue: UInt32

  /// The set of the types whose bits are set.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The set of one type.
  public init(_ type: ElementType) {
    let index = ElementType.allCases.firstIndex(of: type) ?? 0
    rawValue = 1 << UInt32(index)
  }

  /// Single types.
  public static let float32 = ElementTypes(.float32)
  public static let bfloat16 = ElementTypes(.bfloat16)
  public static let int32 = ElementTypes(.int32)
  public static let int64 = ElementTypes(.int64)
  public static let bool = ElementTypes(.bool)
  public static let string = ElementTypes(.string)
  public static let sequence = ElementTypes(.sequence)

  /// IEEE floats of 2, 4 and 8 bytes.
  public static let floats: ElementTypes = [
    .float32, ElementTypes(.float16), ElementTypes(.float64),
  ]
  /// Whole numbers of 4 and 8 bytes.
  public static let wideIntegers: ElementTypes = [
    .int32, .int64, ElementTypes(.uint32), ElementTypes(.uint64),
  ]
  /// Whole numbers of 2 bytes.
  public static let shortIntegers: ElementTypes = [ElementTypes(.int16), ElementTypes(.uint16)]
  /// Whole numbers of 1 byte.
  public static let bytes: ElementTypes = [ElementTypes(.int8), ElementTypes(.uint8)]
  /// Whole numbers with a sign.
  public static let signedIntegers: ElementTypes = [
    .int32, .int64, ElementTypes(.int8), ElementTypes(.int16),
  ]
  /// Whole numbers of 1 to 8 bytes.
  public static let integers: ElementTypes = [.wideIntegers, .shortIntegers, .bytes]
  /// Numbers, truths and text, without bfloat16: every type up to opset 12.
  public static let firstTypes: ElementTypes = [.floats, .integers, .bool, .string]
  /// Every type that is told apart: not those of less than a byte, nor floats of one.
  public static let all: ElementTypes = [.firstTypes, .bfloat16]

  /// The types, in the order of `ElementType.allCases`.
  public var types: [ElementType] { ElementType.allCases.filter { contains(ElementTypes($0)) } }
}
