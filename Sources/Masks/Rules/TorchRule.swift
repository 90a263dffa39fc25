public import TensorCore

/// PyTorch: the mask, already divided by 1−p, is multiplied with the activation; alpha dropout
/// likewise, with its shift. ATen's `Dropout.cpp`, and torch 2.13 as run on a processor.
public struct TorchRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "torch"
  public let source = "PyTorch 2.13: Dropout, Dropout2d, AlphaDropout, FeatureAlphaDropout"
  public let kinds = ["element", "spatial", "alpha", "feature-alpha"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    try expectProbability(request.rate)
    guard request.mode == .train, request.rate > 0 else { return whole(request) }
    let mask = kept(request)
    if request.rate == 1 { return multiplied(request, mask, scale: 0) }
    if request.kind.name.hasSuffix("alpha") { return alphaByProducts(request, mask) }
    return multiplied(request, mask, scale: Float(1 / (1 - request.rate)))
  }

  public func edges(kind: String) -> [RuleEdge] {
    [
      RuleEdge(0, .identity, "the input itself"),
      RuleEdge(1, .zero, infinite: .nan, "zeros, but Inf·0 = NaN (pytorch#59421)"),
      RuleEdge(1.5, .error, eval: .error, "ValueError: has to be between 0 and 1, but got 1.5"),
    ]
  }
}
