import Insight

/// Shares and probabilities in three digits, without the leading zero.
enum ShareText {
  /// `.998`, `0` and `1` only where they are exact.
  static func probability(_ p: Double) -> String {
    guard p > 0 else { return p == 0 ? "0" : NumberText.fixed(p, 3) }
    let text = NumberText.fixed(p, 3)
    if text == "0.000" { return "<.001" }
    if text == "1.000" { return p == 1 ? "1" : ">.999" }
    return text.withoutLeadingZero
  }

  /// count / total; a line for nothing.
  static func value(_ share: Share) -> String {
    share.total == 0 ? "-" : NumberText.fixed(share.value, 3).withoutLeadingZero
  }

  /// The 95 % interval: `.012–.051`.
  static func interval(_ share: Share) -> String {
    let ends = [share.interval.lowerBound, share.interval.upperBound].map {
      NumberText.fixed($0, 3).withoutLeadingZero
    }
    return ends.joined(separator: "–")
  }
}
