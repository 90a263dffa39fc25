public import TensorCore

/// Keras 3 on TensorFlow: dropped values are replaced, not multiplied; a rate of 1 is a case of its
/// own, which gaussian and alpha dropout lack. Run with Keras 3.15. Its maps are channels-last.
public struct KerasRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "keras"
  public let source = "Keras 3.15: Dropout, SpatialDropout2D, GaussianDropout, AlphaDropout"
  public let kinds = ["element", "spatial", "row", "column", "gaussian", "alpha"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    try expectProbability(request.rate)
    guard request.mode == .train, request.rate > 0 else { return whole(request) }
    let divides = ["gaussian", "alpha"].contains(request.kind.name)
    if request.rate == 1, divides {
      throw TensorError(name, expected: "a rate below 1", found: "1.0, ZeroDivisionError")
    }
    if request.kind.name == "gaussian" { return gaussianByProducts(request) }
    let mask = kept(request)
    if divides { return alphaByProducts(request, mask) }
    if request.rate == 1 { return selected(request, mask, scale: 0) }
    return selected(request, mask, scale: Float(1 / (1 - request.rate)))
  }

  public func edges(kind: String) -> [RuleEdge] {
    let divides = ["gaussian", "alpha"].contains(kind)
    return [
      RuleEdge(0, .identity, "the input itself"),
      divides
        ? RuleEdge(1, .error, "ZeroDivisionError")
        : RuleEdge(1, .zero, "zeros; Keras 2 dropped nothing (keras#9141)"),
      RuleEdge(
        1.5, .error, eval: .error,
        "ValueError: expected between 0 and 1; Keras 2 took it without a word (keras#10629)"),
    ]
  }
}
