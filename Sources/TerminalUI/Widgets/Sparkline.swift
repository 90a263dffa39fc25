/// A small curve in one line of text: eight heights, `▁▂▃▄▅▆▇█`, spread over all steps there will be, so that
/// it holds still while values arrive.
public struct Sparkline: Sendable {
  /// A value for each step, NaN where there is none.
  public var values: [Double]
  /// What the lowest and the highest bar stand for.
  public var limits: ClosedRange<Double>

  /// A curve between limits.
  public init(_ values: [Double], limits: ClosedRange<Double>) {
    (self.values, self.limits) = (values, limits)
  }

  private static let bars = Array("▁▂▃▄▅▆▇█")
  private static let asciiBars = Array("_.-~=+*#")

  /// The curve in so many columns: the mean of the steps that a column stands for.
  public func text(width: Int, glyphs: Glyphs = .unicode) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let bars = glyphs.isUnicode ? Sparkline.bars : Sparkline.asciiBars
    return String(
      (0..<width).map { column -> Character in
        let first = column * values.count / width
        let last = max(first + 1, (column + 1) * values.count / width)
        let found = values[first..<min(last, values.count)].filter(\.isFinite)
        guard !found.isEmpty else { return " " }
        let span = limits.upperBound - limits.lowerBound
        let mean = found.reduce(0, +) / Double(found.count)
        let share = span > 0 ? (mean - limits.lowerBound) / span : 0
        return bars[min(7, max(0, Int((share * 7).rounded())))]
      })
  }
}
