public import TensorCore

/// torchvision: DropBlock with the paper's γ, a mask for every channel and one scale for the whole
/// batch; stochastic depth. Read and run from torchvision 0.28.
public struct TorchvisionRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "torchvision"
  public let source = "torchvision 0.28: DropBlock2d, StochasticDepth (row)"
  public let kinds = ["block", "path"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(of: request)
    try expectProbability(request.rate)
    guard request.mode == .train, request.rate > 0 else { return whole(request) }
    let layout = request.layout
    if request.kind.name == "path" {
      let keep = 1 - request.rate
      return multiplied(request, kept(request), scale: keep > 0 ? Float(1 / keep) : 0)
    }
    let side = min(try blockSide(of: request), layout.h, layout.w)
    guard side % 2 == 1 else {
      throw TensorError(name, expected: "an odd block size", found: "\(side)")
    }
    let law = try BlockLaw(BlockSize(side), rule: .paper, layout: layout)
    let mask = law.mask(
      request.field, gamma: law.gamma(Rate(clamping: request.rate)), layout: layout)
    let kept = Double(layout.count - mask.dropped)
    return multiplied(request, mask, scale: Float(Double(layout.count) / (1e-6 + kept)))
  }

  public func edges(kind: String) -> [RuleEdge] {
    [
      RuleEdge(0, .identity, "the input itself"),
      kind == "path"
        ? RuleEdge(1, .zero, infinite: .nan, "zeros, but Inf·0 = NaN")
        : RuleEdge(
          1, .silentlyWrong, infinite: .nan,
          "γ ignores that blocks overlap: 57 % of 26×26 at b = 7, and Inf·0 = NaN"),
      RuleEdge(1.5, .error, eval: .error, "ValueError: has to be between 0 and 1, but got 1.5"),
    ]
  }
}
