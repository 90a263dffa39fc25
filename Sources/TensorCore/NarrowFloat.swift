/// A float of 4 or 8 bits: sign, exponent, mantissa, as ONNX names them. Micikevicius et al. 2022
/// (arXiv:2209.05433) for the first of each pair of float8, Noune et al. 2022 (arXiv:2206.02915) for `fnuz`;
/// E2M1 and E8M0 are of OCP's microscaling formats.
struct NarrowFloat: Sendable {
  /// Bits of all, of the exponent and of the mantissa.
  private let bits, exponentBits, mantissaBits: Int
  private let bias: Int
  /// The numbers by their bits; NaN where those stand for none.
  let numbers: [Float]
  /// The largest finite one.
  private let largest: Float
  private let codes: [UInt32: UInt8]

  private static let e4m3fn = NarrowFloat(8, 4, 3, bias: 7) { $0 & 0x7F == 0x7F ? .nan : nil }
  private static let e4m3fnuz = NarrowFloat(8, 4, 3, bias: 8) { $0 == 0x80 ? .nan : nil }
  private static let e5m2 = NarrowFloat(8, 5, 2, bias: 15) { code in
    guard code & 0x7C == 0x7C else { return nil }
    return code & 3 == 0 ? code & 0x80 == 0 ? .infinity : -.infinity : .nan
  }
  private static let e5m2fnuz = NarrowFloat(8, 5, 2, bias: 16) { $0 == 0x80 ? .nan : nil }
  private static let e8m0 = NarrowFloat(8, 8, 0, bias: 127) { $0 == 0xFF ? .nan : nil }
  private static let e2m1 = NarrowFloat(4, 2, 1, bias: 1) { _ in nil }

  /// The layout of a type; nil for all other types.
  init?(_ type: ElementType) {
    switch type {
    case .float8e4m3fn: self = .e4m3fn
    case .float8e4m3fnuz: self = .e4m3fnuz
    case .float8e5m2: self = .e5m2
    case .float8e5m2fnuz: self = .e5m2fnuz
    case .float8e8m0: self = .e8m0
    case .float4e2m1: self = .e2m1
    default: return nil
    }
  }

  /// - Parameter special: what codes stand for that are not read as the others
  private init(
    _ bits: Int, _ exponentBits: Int, _ mantissaBits: Int, bias: Int,
    special: (UInt8) -> Float?
  ) {
    (self.bits, self.exponentBits, self.mantissaBits) = (bits, exponentBits, mantissaBits)
    self.bias = bias
    let hasSign = exponentBits + mantissaBits < bits
    // Without a mantissa there is no 0: every code is a power of two.
    let hasZero = mantissaBits > 0
    numbers = (0..<1 << bits).map { code in
      if let number = special(UInt8(code)) { return number }
      let exponent = code >> mantissaBits & ((1 << exponentBits) - 1)
      let mantissa = Float(code & ((1 << mantissaBits) - 1)) / Float(1 << mantissaBits)
      let isSubnormal = exponent == 0 && hasZero
      let power = Float(sign: .plus, exponent: (isSubnormal ? 1 : exponent) - bias, significand: 1)
      let size = (isSubnormal ? mantissa : 1 + mantissa) * power
      return hasSign && code >> (bits - 1) == 1 ? -size : size
    }
    largest = numbers.filter(\.isFinite).max() ?? 0
    codes = Dictionary(
      numbers.enumerated().filter { !$1.isNaN }.map { ($1.bitPattern, UInt8($0)) }
    ) { first, _ in first }
  }

  /// Whether there is a zero with a sign.
  private var hasNegativeZero: Bool { codes[(-0 as Float).bitPattern] != nil }

  /// The bits of one of the type's numbers.
  func code(_ x: Float) -> UInt8 {
    codes[x.bitPattern] ?? UInt8(numbers.firstIndex(where: \.isNaN) ?? 0)
  }

  /// The nearest number, ties to even; of a type without a mantissa, the power of two that `powers` says.
  /// - Parameter saturates: whether what is too large becomes the largest there is, not infinite or NaN
  func rounded(_ x: Float, saturates: Bool, powers: ElementType.PowerRounding) -> Float {
    guard mantissaBits > 0 else { return power(x, saturates: saturates, powers) }
    // Without a NaN it is the zero with a sign, as ONNX's reference has it.
    if x.isNaN { return bits == 4 ? -0 : x }
    let size = Double(abs(x))
    let exponent = max(size > 0 && size.isFinite ? Int(size.exponent) : 0, 1 - bias)
    let step = Double(sign: .plus, exponent: exponent - mantissaBits, significand: 1)
    let nearest = size.isFinite ? (size / step).rounded(.toNearestOrEven) * step : size
    var found = Float(nearest)
    if nearest > Double(largest) {
      let beyond: Float = codes[Float.infinity.bitPattern] != nil ? .infinity : .nan
      found = saturates ? largest : beyond
    }
    guard x.sign == .minus else { return found }
    return found == 0 && !hasNegativeZero ? 0 : -found
  }

  private func power(
    _ x: Float, saturates: Bool, _ powers: ElementType.PowerRounding
  ) -> Float {
    guard !x.isNaN, x.sign == .plus || x == 0 else { return .nan }
    guard x.isFinite else { return saturates ? largest : .nan }
    guard x > numbers[0] else { return numbers[0] }
    let below = Float(sign: .plus, exponent: Int(x.exponent), significand: 1)
    let isUp =
      switch powers {
      case .up: x > below
      case .down: false
      case .nearest: x.significand >= 1.5
      }
    let found = isUp ? below * 2 : below
    return found.isFinite ? found : saturates ? largest : .nan
  }
}

extension ElementType {
  /// To which of two powers of two a number between them goes, where a type has nothing else.
  public enum PowerRounding: String, Sendable {
    case up, down, nearest
  }

  /// The nearest number of a float type, where what is too large becomes the largest or, as elsewhere,
  /// infinite or NaN.
  public func rounded(
    _ x: Float, saturates: Bool, powers: PowerRounding = .up
  ) -> Float {
    NarrowFloat(self)?.rounded(x, saturates: saturates, powers: powers) ?? rounded(x)
  }

  /// Bits of an element where it has fewer than a byte, or is a float of a byte; nil for all else.
  public var narrowBits: Int? {
    switch self {
    case .int2, .uint2: 2
    case .int4, .uint4, .float4e2m1: 4
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: 8
    default: nil
    }
  }

  /// The numbers that stand in bytes, of narrow elements the first in the lowest bits; as many as `count`.
  /// - Precondition: the type is a narrow one, and `bytes` reach so far.
  public func narrowFloats(_ bytes: ArraySlice<UInt8>, count: Int) -> [Float] {
    let numbers = NarrowFloat(self)?.numbers ?? []
    return codes(bytes, count).map { numbers[Int($0)] }
  }

  /// The whole numbers that stand in bytes, likewise.
  /// - Precondition: the type is a narrow one, and `bytes` reach so far.
  public func narrowIntegers(_ bytes: ArraySlice<UInt8>, count: Int) -> [Int64] {
    codes(bytes, count).map { wrapped(Int64($0)) }
  }

  /// The bytes of numbers of a narrow type.
  public func narrowBytes(floats: [Float]) -> [UInt8] {
    guard let layout = NarrowFloat(self) else { preconditionFailure("\(self) is no narrow float") }
    return packed(floats.map(layout.code))
  }

  /// The bytes of whole numbers of a narrow type.
  public func narrowBytes(integers: [Int64]) -> [UInt8] {
    packed(integers.map { UInt8(truncatingIfNeeded: $0) })
  }

  private func codes(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [UInt8] {
    guard let bits = narrowBits else { preconditionFailure("\(self) is no narrow type") }
    let (each, mask) = (8 / bits, UInt8((1 << bits) - 1))
    return (0..<count).map { index in
      bytes[bytes.startIndex + index / each] >> UInt8(index % each * bits) & mask
    }
  }

  private func packed(_ codes: [UInt8]) -> [UInt8] {
    guard let bits = narrowBits else { preconditionFailure("\(self) is no narrow type") }
    let (each, mask) = (8 / bits, UInt8((1 << bits) - 1))
    var bytes = [UInt8](repeating: 0, count: (codes.count + each - 1) / each)
    for (index, code) in codes.enumerated() {
      bytes[index / each] |= (code & mask) << UInt8(index % each * bits)
    }
    return bytes
  }
}
