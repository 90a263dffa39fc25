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
    self.p = p
  }

  /// The nearest legal rate: NaN becomes 0. For keys that step over the end.
  public init(clamping p: Double) { self.p = p.isNaN ? 0 : min(1, max(0, p)) }

  /// The probability of keeping: 1 − p.
  public var keep: Double { 1 - p }

  /// The smallest uniform that survives: a unit is dropped exactly when u < threshold. Uniforms are
  /// multiples of 2⁻²⁴, so rounding p up to the next one leaves every decision as u < p has it.
  public var threshold: Float { Float((p * 0x1p24).rounded(.up)) * 0x1p-24 }

  public static func < (a: Rate, b: Rate) -> Bool { a.p < b.p }
}
