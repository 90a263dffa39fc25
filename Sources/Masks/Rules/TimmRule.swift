public import TensorCore

/// timm: DropBlock with the paper's γ around any cell, cut off at the border, one mask for all
/// channels (`couple_channels`) and one scale for the whole batch; blocks larger than the map shrink
/// to it. Stochastic depth as `DropPath`. Read and run from timm 1.0.31.
public struct TimmRule: BlockRuleOfLibrary {
  /// The rule.
  public init() {}
  public let name = "timm"
  public let source = "timm 1.0.31: DropBlock2d, DropPath"
  public let kinds = ["block", "path"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    guard request.mode == .train, request.rate != 0 else { return whole(request) }
    if request.kind.name == "path" {
      // The number that bernoulli_ refuses is that of keeping.
      let keep = 1 - request.rate
      try expectBernoulli(keep)
      return multiplied(request, kept(request), scale: keep > 0 ? Float(1 / keep) : 0)
    }
    return try multiplied(request, block(request.kind, request.layout))
  }

  /// A block larger than the map shrinks to it, each side by itself.
  func block(
    _ kind: any DropoutKind, _ layout: Layout
  ) throws(TensorError) -> LibraryBlockDropout {
    let side = try blockSide(kind)
    return LibraryBlockDropout(
      library: name,
      size: BlockSize(h: max(1, min(side, layout.h)), w: max(1, min(side, layout.w))),
      rule: .timm, isShared: true, epsilon: 1e-7)
  }

  private func expectBernoulli(_ q: Double) throws(TensorError) {
    guard q >= 0, q <= 1 else {
      throw TensorError(name, expected: "bernoulli_ with p in [0, 1]", found: "\(q)")
    }
  }

  public func edges(kind: String) -> [RuleEdge] {
    let path = kind == "path"
    return [
      RuleEdge(0, .identity, "the input itself"),
      path
        ? RuleEdge(1, .zero, infinite: .nan, "zeros, but Inf·0 = NaN")
        : RuleEdge(
          1, .silentlyWrong, infinite: .nan,
          "γ ignores that blocks overlap: 77 % of 26×26 at b = 7, and Inf·0 = NaN"),
      path
        ? RuleEdge(1.5, .error, "RuntimeError: bernoulli_ got p = -0.5")
        : RuleEdge(
          1.5, .silentlyWrong, infinite: .nan,
          "taken without a word as long as γ is below 1: 88 % of 26×26 at b = 7"),
    ]
  }
}
