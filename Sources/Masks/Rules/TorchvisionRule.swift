public import TensorCore

/// torchvision: DropBlock with the paper's γ, a mask for every channel and one scale for the whole
/// batch; stochastic depth. Read and run from torchvision 0.28.
public struct TorchvisionRule: BlockRuleOfLibrary {
  /// The rule.
  public init() {}
  public let name = "torchvision"
  public let source = "torchvision 0.28: DropBlock2d, StochasticDepth (row)"
  public let kinds = ["block", "path"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    try expectProbability(request.rate)
    guard request.mode == .train, request.rate > 0 else { return whole(request) }
    let layout = request.layout
    if request.kind.name == "path" {
      let keep = 1 - request.rate
      return multiplied(request, kept(request), scale: keep > 0 ? Float(1 / keep) : 0)
    }
    let block = try block(request.kind, layout)
    guard block.size.h % 2 == 1 else {
      throw TensorError(name, expected: "an odd block size", found: "\(block.size.h)")
    }
    return try multiplied(request, block)
  }

  /// A block larger than the map shrinks to its shorter side.
  func block(
    _ kind: any DropoutKind, _ layout: Layout
  ) throws(TensorError) -> LibraryBlockDropout {
    let side = max(1, min(try blockSide(kind), layout.h, layout.w))
    return LibraryBlockDropout(
      library: name, size: BlockSize(side), rule: .paper, epsilon: 1e-6)
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
