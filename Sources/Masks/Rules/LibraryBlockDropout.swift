import TensorCore

/// DropBlock as a library draws it: the paper's γ, a block as large as the library makes it, one mask for
/// each map or for all maps of a sample, and one scale for the whole batch.
struct LibraryBlockDropout: DropoutKind {
  /// Who draws so.
  let library: String
  /// The size of a block, at most that of a map.
  let size: BlockSize
  /// `paper` or `timm`.
  let rule: BlockRule
  /// Whether all maps of a sample have the same mask.
  var isShared = false
  /// What the library adds to the number of kept cells before it divides by it.
  var epsilon = 0.0

  let name = "block"
  let summary = "blocks of cells, as a library drops them"

  /// A seed for each cell, or for each cell of one map.
  func units(of layout: Layout) throws(TensorError) -> Layout {
    _ = try law(layout)
    return isShared ? layout.sharing(layout.channelAxes) : layout
  }

  func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    mask(field, gamma: try law(layout).gamma(rate), layout: layout, try law(layout))
  }

  /// The same at a rate that may be above 1, as long as γ is not.
  /// - Throws: `TensorError` for a γ that is no probability.
  func mask(_ field: Field, anyRate p: Double, layout: Layout) throws(TensorError) -> Mask {
    let law = try law(layout)
    let gamma = p > 1 ? law.gamma(Rate(clamping: 1)) * p : law.gamma(Rate(clamping: p))
    guard p >= 0, gamma <= 1 else {
      throw TensorError(
        library, expected: "bernoulli_ with p in [0, 1]",
        found: "\(p < 0 ? law.gamma(Rate(clamping: 1)) * p : gamma)")
    }
    return mask(field, gamma: gamma, layout: layout, law)
  }

  private func mask(_ field: Field, gamma: Double, layout: Layout, _ law: BlockLaw) -> Mask {
    let drawn = law.mask(field, gamma: gamma, layout: field.units)
    guard field.units.shape != layout.shape else { return drawn }
    return Mask(layout: layout, kept: drawn.kept.repeated(from: field.units, to: layout))
  }

  /// Kept values × cells/kept cells of the whole batch, whatever the scaling.
  func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
    let copies = isShared ? mask.layout.c : 1
    let kept = Double((mask.layout.count - mask.dropped) / max(1, copies))
    guard epsilon + kept > 0 else { return [Transfer(scale: 0)] }
    return [Transfer(scale: Float(Double(mask.layout.count / copies) / (epsilon + kept)))]
  }

  /// 1 − (1−γ)ᵏ, k the blocks that could cover the cell.
  func deathProbability(rate: Rate, layout: Layout) throws(TensorError) -> Tensor? {
    let law = try law(layout)
    return law.deathProbability(gamma: law.gamma(rate))
  }

  /// Of as many independent maps as are drawn.
  func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    guard layout.count > 0 else { return RealisedLaw(always: 0) }
    let law = try law(layout)
    return law.realisedLaw(
      gamma: law.gamma(rate), maps: isShared ? layout.n : layout.n * layout.c)
  }

  func gamma(rate: Rate, layout: Layout) -> Double? { (try? law(layout))?.gamma(rate) }

  /// `block 7×7 timm γ .0172`
  func settings(rate: Rate, layout: Layout) -> String {
    let words = "\(name) \(size) \(library)"
    guard let gamma = gamma(rate: rate, layout: layout) else { return words }
    return words + " γ \(shortNumber(gamma, digits: 4))"
  }

  private func law(_ layout: Layout) throws(TensorError) -> BlockLaw {
    try BlockLaw(size, rule: rule, layout: layout)
  }
}

/// A rule of a library that has blocks of its own, beside kinds that are ours.
protocol BlockRuleOfLibrary: FrameworkRule {
  /// The library's blocks for ours, on maps of `layout`.
  /// - Throws: `TensorError` for a block that the library has none of.
  func block(
    _ kind: any DropoutKind, _ layout: Layout
  ) throws(TensorError) -> LibraryBlockDropout
}

extension BlockRuleOfLibrary {
  public func drawnKind(
    for kind: any DropoutKind, of layout: Layout
  ) throws(TensorError) -> any DropoutKind {
    try expectKind(kind)
    return kind.name == "block" ? try block(kind, layout) : kind
  }
}
