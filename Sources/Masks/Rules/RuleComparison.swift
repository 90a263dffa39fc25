public import TensorCore

/// A rule's answer beside dropscope's own: one line of the lens.
public struct RuleComparison: Sendable {
  /// The rule's answer.
  public let theirs: RuleResult
  /// dropscope's output for the same field and the nearest legal rate.
  public let ours: Tensor
  /// The largest difference of two finite values; 0 where all are the same.
  public let largestDifference: Float
  /// Cells of which only one side is finite.
  public let unequalNonFinite: Int
  /// Cells dropped by one and kept by the other.
  public let otherDecisions: Int

  /// Asks a rule, and dropscope with inverted scaling.
  /// - Throws: `TensorError` where the rule has no such layer or refuses, or where the kind cannot
  ///   act on the activation.
  public init(_ rule: any FrameworkRule, _ request: RuleRequest) throws(TensorError) {
    theirs = try rule.apply(request)
    let dropout = Dropout(request.kind, rate: Rate(clamping: request.rate))
    let mask =
      request.mode == .eval || dropout.isIdentity
      ? Mask(layout: request.layout)
      : try request.kind.mask(request.field, rate: dropout.rate, layout: request.layout)
    ours = dropout.apply(request.x, mask: mask, mode: request.mode)
    var (largest, nonFinite, other): (Float, Int, Int) = (0, 0, 0)
    for i in 0..<ours.count {
      let (a, b) = (theirs.output[i], ours[i])
      if a.isFinite, b.isFinite {
        largest = max(largest, abs(a - b))
      } else if a.isFinite || b.isFinite || a.isNaN != b.isNaN {
        nonFinite += 1
      }
      if theirs.mask.kept[i] != mask.kept[i] { other += 1 }
    }
    (largestDifference, unequalNonFinite, otherDecisions) = (largest, nonFinite, other)
  }
}
