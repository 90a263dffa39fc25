public import TensorCore

/// convnetjs: dropped values are set to 0 and nothing is rescaled in training; at evaluation values
/// are multiplied with the probability of dropping, where 1 minus it is meant: right only at .5.
/// As in its `build/convnet.js`; another state of its source has 1 minus it.
public struct ConvnetjsRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "convnetjs"
  public let source = "convnetjs: DropoutLayer of build/convnet.js"
  public let kinds = ["element"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    guard request.mode == .train else { return whole(request, scale: Float(request.rate)) }
    return selected(request, kept(request), scale: 1)
  }

  public func scaling(kind: String) -> Scaling { .none }

  public func evaluation(kind: String) -> String { "× p, where × (1−p) is meant" }

  public func edges(kind: String) -> [RuleEdge] {
    [
      RuleEdge(
        0, .identity, eval: .silentlyWrong, "the input itself; at evaluation × 0, all zeros"),
      RuleEdge(
        1, .zero, eval: .silentlyWrong, "zeros; at evaluation × 1, all values whole"),
      RuleEdge(
        1.5, .silentlyWrong, eval: .silentlyWrong,
        "zeros without a word; at evaluation × 1.5"),
    ]
  }
}
