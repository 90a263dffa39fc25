public import TensorCore

/// timm: DropBlock with the paper's γ around any cell, cut off at the border, one mask for all
/// channels (`couple_channels`) and one scale for the whole batch; blocks larger than the map shrink
/// to it. Stochastic depth as `DropPath`. Read and run from timm 1.0.31.
public struct TimmRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "timm"
  public let source = "timm 1.0.31: DropBlock2d, DropPath"
  public let kinds = ["block", "path"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(of: request)
    guard request.mode == .train, request.rate != 0 else { return whole(request) }
    if request.kind.name == "path" {
      // The number that bernoulli_ refuses is that of keeping.
      let keep = 1 - request.rate
      try expectBernoulli(keep)
      return multiplied(request, kept(request), scale: keep > 0 ? Float(1 / keep) : 0)
    }
    let layout = request.layout
    let side = try blockSide(of: request)
    let size = BlockSize(h: min(side, layout.h), w: min(side, layout.w))
    let one = NCHW(n: layout.n, c: min(1, layout.c), h: layout.h, w: layout.w)
    let law = try BlockLaw(size, rule: .timm, layout: one)
    let gamma = law.gamma(Rate(clamping: 1)) * request.rate
    try expectBernoulli(gamma)
    let field = Field(units: one, u: firstChannels(of: request.field))
    let shared = law.mask(field, gamma: gamma, layout: one)
    let kept = Double(one.count - shared.dropped)
    let mask = Mask(layout: layout, kept: shared.kept.repeated(from: one, to: layout))
    var result = multiplied(request, mask, scale: Float(Double(one.count) / (1e-7 + kept)))
    result.maskShape = one
    return result
  }

  private func expectBernoulli(_ q: Double) throws(TensorError) {
    guard q >= 0, q <= 1 else {
      throw TensorError(name, expected: "bernoulli_ with p in [0, 1]", found: "\(q)")
    }
  }

  /// The first channel's uniforms of each sample.
  private func firstChannels(of field: Field) -> Tensor {
    let units = field.units
    let each = units.c * units.area
    let u = field.u.elements
    return Tensor(
      [units.n, min(1, units.c), units.h, units.w],
      (0..<units.n).flatMap { u[$0 * each..<$0 * each + min(1, units.c) * units.area] })
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
