public import TensorCore

/// What the papers write. Srivastava 2014, Tompson 2014 and Huang 2016 rescale nothing in training
/// and multiply with 1−p at evaluation; Ghiasi 2018 scales by cells/kept cells; Srivastava §10 and
/// Klambauer 2017 keep the moments by themselves; Wu 2015 pools by expectation; DeVries 2017 lets
/// its square hang over the border.
public struct PaperRule: FrameworkRule {
  /// The rule.
  public init() {}
  public let name = "paper"
  public let source =
    "Srivastava 2014, Tompson 2014, Huang 2016, Ghiasi 2018, Klambauer 2017, Wu 2015, DeVries 2017"
  public let kinds = [
    "element", "spatial", "block", "gaussian", "alpha", "max-pool", "path", "cutout",
  ]
  /// The kinds whose paper multiplies with 1−p at evaluation.
  private let waiting = ["element", "spatial", "path"]

  public func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult {
    try expectKind(request.kind)
    try expectProbability(request.rate)
    let kind = request.kind
    guard request.mode == .train else {
      return whole(request, scale: waiting.contains(kind.name) ? Float(1 - request.rate) : 1)
    }
    guard request.rate > 0 else { return whole(request) }
    switch kind {
    case let kind as BlockDropout:
      return try multiplied(request, block(kind))
    case is GaussianDropout:
      guard request.rate < 1 else {
        throw TensorError(name, expected: "a finite variance p/(1-p)", found: "p = 1")
      }
      return gaussianByProducts(request)
    case is AlphaDropout:
      return alphaByProducts(request, kept(request))
    case is CutoutDropout:
      let mask = try HangingCutout().mask(
        request.field, rate: Rate(clamping: request.rate), layout: request.layout)
      return multiplied(request, mask, scale: 1)
    default:
      return multiplied(request, kept(request), scale: 1)
    }
  }

  public func drawnKind(
    for kind: any DropoutKind, of layout: Layout
  ) throws(TensorError) -> any DropoutKind {
    try expectKind(kind)
    if let kind = kind as? BlockDropout { return block(kind) }
    return kind is CutoutDropout ? HangingCutout() : kind
  }

  private func block(_ kind: BlockDropout) -> LibraryBlockDropout {
    LibraryBlockDropout(library: name, size: kind.size, rule: .paper)
  }

  public func scaling(kind: String) -> Scaling {
    waiting.contains(kind) ? .weight : .inverted
  }

  public func evaluation(kind: String) -> String {
    if waiting.contains(kind) { return "× (1−p)" }
    return kind == "max-pool" ? "the pool gives the expectation" : "identity"
  }

  public func edges(kind: String) -> [RuleEdge] {
    let beyond = RuleEdge(1.5, .error, eval: .error, "no probability")
    let none = RuleEdge(0, .identity, "the input itself")
    let all: RuleEdge
    switch kind {
    case "element", "spatial", "path":
      all = RuleEdge(
        1, .zero, infinite: .nan, eval: .zero, "zeros; as a product, Inf·0 = NaN")
    case "block":
      all = RuleEdge(
        1, .silentlyWrong, infinite: .nan, "γ ignores that blocks overlap: not all are dropped")
    case "gaussian":
      all = RuleEdge(1, .error, "an infinite variance")
    case "alpha":
      all = RuleEdge(1, .nan, "a is infinite, and a·α′ + b is ∞ − ∞")
    case "cutout":
      all = RuleEdge(
        1, .silentlyWrong, infinite: .nan, "the square hangs over the border: not all is cut")
    default:
      all = RuleEdge(1, .zero, infinite: .nan, "zeros; as a product, Inf·0 = NaN")
    }
    return [none, all, beyond]
  }
}
