/// Reads decimal numbers in bytes of text, whatever the locale.
enum DecimalNumber {
  /// The float nearest to the number written, or nil where the text is not one: digits with an
  /// optional sign, point and exponent, or `nan`, `inf`, `infinity` in any case.
  static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float? {
    var digits: UInt64 = 0
    var digitCount = 0
    var seenDigit = false
    var seenPoint = false
    var power = 0
    var index = 0
    let negative = text.first == UInt8(ascii: "-")
    if negative || text.first == UInt8(ascii: "+") { index = 1 }
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        seenDigit = true
        if digits > 0 || text[index] != UInt8(ascii: "0") { digitCount += 1 }
        if digitCount <= exactDigits { digits = digits * 10 + UInt64(text[index] - 0x30) }
        if seenPoint { power -= 1 }
      case UInt8(ascii: ".") where !seenPoint: seenPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard seenDigit, let exponent = exponent(text, from: index + 1) else { return nil }
        power += exponent
        index = text.count
      default: return seenDigit || seenPoint ? nil : named(text, from: index, negative: negative)
      }
      index += 1
    }
    guard seenDigit else { return nil }
    guard digitCount <= exactDigits, let value = nearest(digits, power) else {
      return Float(String(decoding: text, as: UTF8.self))
    }
    return negative ? -value : value
  }

  /// Digits of which a Double holds every combination.
  private static let exactDigits = 15
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }

  /// digits × 10^power, rounded once; nil where that needs more than a Double.
  ///
  /// Both factors are exact in a Double, so their product or quotient is rounded once. Rounding
  /// again to a Float is only wrong where the first lands on the middle between two floats, or where
  /// floats get coarser below the normal range. (Clinger 1990, fast path.)
  private static func nearest(_ digits: UInt64, _ power: Int) -> Float? {
    guard abs(power) < powers.count else { return digits == 0 ? 0 : nil }
    let value = power < 0 ? Double(digits) / powers[-power] : Double(digits) * powers[power]
    let middle: UInt64 = 1 << 28
    let distance = (value.bitPattern & ((1 << 29) - 1)).subtractingReportingOverflow(middle)
    guard value == 0 || value >= Double(Float.leastNormalMagnitude),
      value <= Double(Float.greatestFiniteMagnitude), distance.partialValue &+ 1 > 2
    else { return nil }
    return Float(value)
  }

  /// A whole exponent that fills the rest of the text; beyond any float it stays at 100,000.
  private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    let negative = index < text.count && text[index] == UInt8(ascii: "-")
    if negative || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
    guard index < text.count else { return nil }
    var value = 0
    while index < text.count {
      guard (0x30...0x39).contains(text[index]) else { return nil }
      value = min(100_000, value * 10 + Int(text[index] - 0x30))
      index += 1
    }
    return negative ? -value : value
  }

  private static func named(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, negative: Bool
  ) -> Float? {
    guard text.count - start <= 8 else { return nil }
    switch String(decoding: text[start...], as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "inf", "infinity": return negative ? -.infinity : .infinity
    default: return nil
    }
  }
}
