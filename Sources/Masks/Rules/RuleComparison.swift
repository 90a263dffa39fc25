public import TensorCore

/// A rule's answer beside dropscope's own, from the same stream of numbers: one line of the lens.
public struct RuleComparison: Sendable {
  /// The rule's answer.
  public let theirs: RuleResult
  /// How dropscope's own lies beside it; nil where the kind cannot act on the activation as it is and the
  /// rule makes it fit, as with a block larger than a map.
  public let ours: Ours?

  /// dropscope's own answer, and how far the rule's lies from it.
  public struct Ours: Sendable {
    /// The output at the nearest legal rate with inverted scaling.
    public let output: Tensor
    /// The largest difference of two finite values; 0 where all are the same.
    public let largestDifference: Float
    /// Cells of which only one side is finite.
    public let unequalNonFinite: Int
    /// Cells dropped by one and kept by the other.
    public let otherDecisions: Int
  }

  /// Asks a rule, and dropscope with inverted scaling.
  /// - Parameter stream: where both fields' numbers come from, each with its own units
  /// - Throws: `TensorError` where the rule has no such layer or refuses.
  public init(
    _ rule: any FrameworkRule, x: Tensor, layout: Layout, kind: any DropoutKind,
    stream: RandomStream, rate: Double, mode: Mode = .train
  ) throws(TensorError) {
    theirs = try rule.apply(
      RuleRequest(
        to: rule, x: x, layout: layout, kind: kind, stream: stream, rate: rate, mode: mode))
    let dropout = Dropout(kind, rate: Rate(clamping: rate))
    guard (try? kind.units(of: layout)) != nil else {
      ours = nil
      return
    }
    let mask =
      mode == .eval ? Mask(layout: layout) : try dropout.mask(layout: layout, stream: stream)
    ours = Ours(dropout.apply(x, mask: mask, mode: mode), mask, beside: theirs)
  }
}

extension RuleComparison.Ours {
  fileprivate init(_ output: Tensor, _ mask: Mask, beside theirs: RuleResult) {
    var (largest, nonFinite, other): (Float, Int, Int) = (0, 0, 0)
    for i in 0..<output.count {
      let (a, b) = (theirs.output[i], output[i])
      if a.isFinite, b.isFinite {
        largest = max(largest, abs(a - b))
      } else if a.isFinite || b.isFinite || a.isNaN != b.isNaN {
        nonFinite += 1
      }
      if theirs.mask.kept[i] != mask.kept[i] { other += 1 }
    }
    self.output = output
    (largestDifference, unequalNonFinite, otherDecisions) = (largest, nonFinite, other)
  }
}
