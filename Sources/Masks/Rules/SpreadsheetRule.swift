public import TensorCore

/// fast.ai's conv-example.xlsx, sheet "conv-example (dropout)": values times 0 where RAND() is below
/// p, and 1 elsewhere; never rescaled, and evaluation is p = 0. Its realised rate is counted over 600
/// cells and divided by 676: it shows .790 where .890 is true.
public struct SpreadsheetRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "spreadsheet"
  public let source = "fast.ai conv-example.xlsx, sheet conv-example (dropout)"
  public let kinds = ["element"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    guard request.mode == .train else { return whole(request) }
    return multiplied(request, kept(request), scale: 1)
  }

  public func scaling(kind: String) -> Scaling { .none }

  public func evaluation(kind: String) -> String { "identity, though nothing was rescaled" }

  public func edges(kind: String) -> [RuleEdge] {
    [
      RuleEdge(0, .identity, "the input itself"),
      RuleEdge(
        1, .zero, infinite: .nan, eval: .silentlyWrong,
        "zeros (a sheet has no Inf to multiply); without dropout all values whole"),
      RuleEdge(
        1.5, .silentlyWrong, infinite: .nan, eval: .silentlyWrong, "zeros without a word"),
    ]
  }
}
