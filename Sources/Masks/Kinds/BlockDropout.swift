public import TensorCore

/// Blocks of b×b cells around seeds, map by map: Ghiasi et al. 2018, DropBlock (arXiv:1810.12890);
/// torchvision and timm `DropBlock2d`. Blocks need not be square, nor odd: see `BlockRule` for where
/// they may lie, and `BlockLaw` for how many cells they take.
///
/// Maps are those of axes called row and column; slices of a depth are maps of their own. A cell of the
/// field is the seed of the block around it, which is dropped where u < γ. Rules
/// `paper` and `timm` drop at p = 1 what their γ gives (see `BlockLaw.realised`), not everything.
public struct BlockDropout: DropoutKind {
  /// The size of a block.
  public var size: BlockSize
  /// Where blocks may lie and how many there are.
  public var rule: BlockRule

  /// The kind with a block size and a rule.
  public init(_ size: BlockSize = BlockSize(5), rule: BlockRule = .exact) {
    (self.size, self.rule) = (size, rule)
  }

  public let name = "block"
  public let summary = "blocks of cells: DropBlock (Ghiasi 2018)"
  public var declared: [any DeclaredSetting] { [BlockDropout.block, BlockDropout.blockRule] }

  static let block = KindSetting(
    "block", argument: "N or NxM", summary: "The size of blocks", usual: BlockSize(5),
    read: BlockSize.init(parsing:), write: { "\($0.h)x\($0.w)" })
  static let blockRule = KindSetting(
    "block-rule", summary: "Where blocks may lie; exact: the γ that realises the rate",
    usual: BlockRule.exact)

  /// A seed for each cell.
  /// - Throws: `TensorError` where a block is larger than a map, or a map has neither rows nor columns.
  public func units(of layout: Layout) throws(TensorError) -> Layout {
    _ = try BlockLaw(size, rule: rule, layout: layout)
    return layout
  }

  public func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    let law = try BlockLaw(size, rule: rule, layout: layout)
    return law.mask(field, gamma: law.gamma(rate), layout: layout)
  }

  /// Kept values × cells/kept cells, counted for each sample, for inverted scaling; untouched
  /// otherwise, and where nothing is kept. Libraries count over the whole batch instead.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
    guard scaling == .inverted else { return [Transfer()] }
    let each = mask.layout.sampleCount
    return (0..<mask.layout.n).map { n in
      let alive = each - mask.dropped(n: n)
      return alive == 0 ? Transfer() : Transfer(scale: Float(Double(each) / Double(alive)))
    }
  }

  /// 1 − (1−γ)ᵏ, k the blocks that could cover the cell: lower towards the border.
  public func deathProbability(rate: Rate, layout: Layout) throws(TensorError) -> Tensor? {
    let law = try BlockLaw(size, rule: rule, layout: layout)
    return law.deathProbability(gamma: law.gamma(rate))
  }

  /// The mean is exact, and so is the deviation but for very large blocks; the band takes the
  /// realised rate as normally distributed.
  public func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    guard layout.count > 0 else { return RealisedLaw(always: 0) }
    let law = try BlockLaw(size, rule: rule, layout: layout)
    let gamma = law.gamma(rate)
    guard gamma > 0, gamma < 1 else { return RealisedLaw(always: gamma) }
    let maps = Double(layout.n * layout.c)
    return RealisedLaw(
      mean: law.realised(gamma: gamma),
      deviation: (law.variance(gamma: gamma).perMap / maps).squareRoot())
  }

  public func gamma(rate: Rate, layout: Layout) -> Double? {
    (try? BlockLaw(size, rule: rule, layout: layout))?.gamma(rate)
  }

  /// `block 5×5 exact γ .0270`; without γ where the block does not fit.
  public func settings(rate: Rate, layout: Layout) -> String {
    let words = "\(name) \(size) \(rule.rawValue)"
    guard let gamma = gamma(rate: rate, layout: layout) else { return words }
    return words + " γ \(shortNumber(gamma, digits: 4))"
  }
}

extension KindSettings {
  /// The size of a block, for `block`.
  public var block: BlockSize {
    get { self[BlockDropout.block] }
    set { self[BlockDropout.block] = newValue }
  }

  /// Where blocks may lie and how many there are, for `block`.
  public var blockRule: BlockRule {
    get { self[BlockDropout.blockRule] }
    set { self[BlockDropout.blockRule] = newValue }
  }
}
