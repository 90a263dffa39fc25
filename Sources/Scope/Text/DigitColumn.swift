/// How numbers that stand under one another are written: all with the same digits after the point,
/// without a leading zero, the points in line. An exact 0 is a bare `0` in the units' place.
struct DigitColumn: Equatable, Sendable {
  /// Digits after the point; nil where the numbers are too large or small for a point.
  let digits: Int?
  /// Columns of the screen the widest number takes.
  let width: Int

  /// The way to write `values`: with four significant digits in the largest, or with as few, or one
  /// more, as say all of them exactly; never with more than `most` after the point.
  init(_ values: some Sequence<Double>, most: Int = 5) {
    let values = values.filter { $0 != 0 }
    let largest = values.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
    if largest >= 1e6 || (largest > 0 && largest < 1e-4) {
      digits = nil
    } else {
      let enough = DigitColumn.digits(forLargest: largest)
      let exact = (0...min(5, enough + 1)).first { digits in
        values.allSatisfy { DigitColumn.isExact($0, digits: digits) }
      }
      digits = min(most, exact ?? enough)
    }
    // With a point, the numbers furthest from 0 on either side are the widest.
    let finite = values.filter(\.isFinite)
    let others = digits == nil ? values : values.filter { !$0.isFinite }
    let ends = [finite.max(), finite.min()].compactMap { $0 }
    let digits = digits
    width = (ends + others).reduce(1) {
      max($0, DigitColumn.bare($1, digits).unicodeScalars.count)
    }
  }

  /// A number, blanks before it up to `width`.
  func text(_ value: Double) -> String {
    var text = DigitColumn.bare(value, digits)
    if value == 0, let digits, digits > 0, width > digits + 1 {
      text += String(repeating: " ", count: digits + 1)
    }
    return String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }

  private static func bare(_ value: Double, _ digits: Int?) -> String {
    guard value != 0 else { return "0" }
    guard let digits, value.isFinite else { return NumberText.value(Float(value)) }
    let text = NumberText.fixed(value, digits)
    if digits == 0 { return text }
    return text.hasPrefix("-0.") ? "-" + text.dropFirst(2) : text.withoutLeadingZero
  }

  private static func isExact(_ value: Double, digits: Int) -> Bool {
    let scaled = (0..<digits).reduce(value) { scaled, _ in scaled * 10 }
    return !value.isFinite || abs(scaled - scaled.rounded()) <= 1e-6 * max(1, abs(scaled))
  }

  private static func digits(forLargest size: Double) -> Int {
    switch size {
    case 1000...: 0
    case 100...: 1
    case 10...: 2
    case 1...: 3
    case 0.1...: 4
    default: 5
    }
  }
}
