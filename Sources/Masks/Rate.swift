public import TensorCore

/// The probability of dropping a unit, 0 … 1. Keep = 1 − p is only ever displayed.
public struct Rate: Hashable, Sendable, Comparable {
  /// The probability, 0 … 1.
  public let p: Double

  /// - Throws: `TensorError` for NaN and for numbers below 0 or above 1, naming the value.
  public init(_ p: Double) throws(TensorError) {
    guard p >= 0, p <= 1 else {
      throw TensorError("rate", expected: "a number from 0 to 1", found: "\(p)")
    }
    self.p = p + 0  // −0 becomes 0
  }

  /// A rate as a person writes it.
  /// - Throws: `TensorError` for text that is no number from 0 to 1, naming it.
  public init(parsing text: String) throws(TensorError) {
    guard let p = Double(text) else {
      throw TensorError(
        "rate", expected: "a number from 0 to 1", found: text.isEmpty ? "nothing" : text)
    }
    try self.init(p)
  }

  /// The nearest legal rate: NaN becomes 0. For keys that step over the end.
  public init(clamping p: Double) { self.p = p.isNaN ? 0 : min(1, max(0, p)) }

  /// The probability of keeping: 1 − p.
  public var keep: Double { 1 - p }

  /// p in multiples of 2⁻²⁴, rounded up: 0 … 2²⁴. Uniforms are multiples of 2⁻²⁴ too, so rounding
  /// up leaves every decision as u < p has it.
  var step: Int32 { Int32((p * 0x1p24).rounded(.up)) }

  /// The smallest uniform that survives: a unit is dropped exactly when u < threshold.
  public var threshold: Float { Float(step) * 0x1p-24 }

  /// Whether the unit lives whose uniform is made of `word`: u ≥ threshold, in whole numbers.
  @inline(__always)
  static func keeps(_ word: UInt32, step: Int32) -> Bool { Int32(bitPattern: word >> 8) >= step }

  public static func < (a: Rate, b: Rate) -> Bool { a.p < b.p }
}
