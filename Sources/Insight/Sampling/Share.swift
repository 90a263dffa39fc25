/// A share that was counted, with how far chance may have moved it.
public struct Share: Equatable, Sendable {
  /// How often it happened.
  public var count: Int
  /// Of how many.
  public var total: Int

  /// `count` of `total`.
  public init(_ count: Int, of total: Int) {
    precondition(count >= 0 && count <= total, "\(count) of \(total)")
    (self.count, self.total) = (count, total)
  }

  /// count / total; 0 of nothing.
  public var value: Double { total == 0 ? 0 : Double(count) / Double(total) }

  /// The 95 % interval of Wilson, "Probable inference, the law of succession, and statistical
  /// inference" (JASA 22, 1927): right at 0 and 1 too, where the usual ± is 0. All of 0…1 for nothing.
  public var interval: ClosedRange<Double> {
    guard total > 0 else { return 0...1 }
    let (n, z) = (Double(total), 1.959963984540054)
    let center = (value + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
    return max(0, center - half)...min(1, center + half)
  }
}

extension Share {
  /// Both counts together.
  public static func + (a: Share, b: Share) -> Share {
    Share(a.count + b.count, of: a.total + b.total)
  }
}
