public import TensorCore

#if canImport(Glibc)
  import Glibc
#endif

/// What chance says of blocks on maps of one size: every closed form of DropBlock.
///
/// Each seed starts a block with probability γ, so a cell that k seeds can take survives with
/// (1−γ)ᵏ; maps are independent.
public struct BlockLaw: Sendable {
  /// The size of a block.
  public let size: BlockSize
  /// Where blocks may lie and how γ follows from the rate.
  public let rule: BlockRule
  let rows: BlockAxis
  let columns: BlockAxis
  /// How many seeds can take a cell, and the share of cells for which it is so many.
  let cellShares: [(seeds: Int, share: Double)]

  /// The law for maps of `layout`, which have cells.
  /// - Throws: `TensorError` where a block is larger than a map, or a map has neither rows nor columns.
  public init(_ size: BlockSize, rule: BlockRule, layout: Layout) throws(TensorError) {
    try layout.expectRowsOrColumns(for: "block")
    guard size.h <= layout.h, size.w <= layout.w else {
      throw TensorError(
        "block",
        expected: "at most \(layout.h)×\(layout.w), the size of a map of \(layout)",
        found: "\(size)")
    }
    (self.size, self.rule) = (size, rule)
    rows = BlockAxis(size: layout.h, block: size.h, clipped: rule == .timm)
    columns = BlockAxis(size: layout.w, block: size.w, clipped: rule == .timm)
    var cells: [Int: Int] = [:]
    for (y, ys) in BlockLaw.histogram(rows.coverage) {
      for (x, xs) in BlockLaw.histogram(columns.coverage) { cells[y * x, default: 0] += ys * xs }
    }
    let area = Double(layout.area)
    cellShares = cells.sorted { $0.key < $1.key }.map { ($0.key, Double($0.value) / area) }
  }

  private static func histogram(_ values: [Int]) -> [Int: Int] {
    values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// The probability that a seed starts a block.
  ///
  /// `paper` and `timm`: γ = p·H·W / (b²·(H−b+1)·(W−b+1)), with b² = rows × columns of a block;
  /// it is at most p. `exact`: the γ for which the expected realised rate is p, by bisection.
  public func gamma(_ rate: Rate) -> Double {
    let fitting = Double((rows.size - size.h + 1) * (columns.size - size.w + 1))
    let cells = Double(rows.size * columns.size)
    let paper = min(1, rate.p * cells / (Double(size.h) * Double(size.w) * fitting))
    guard rule == .exact, rate.p > 0, rate.p < 1 else { return rule == .exact ? rate.p : paper }
    // Sixty halvings leave less than a uniform's last place; the steps are the same for every rate,
    // so γ never falls where the rate rises.
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if realised(gamma: middle) < rate.p { low = middle } else { high = middle }
    }
    return high
  }

  /// The expected share of dropped cells: 1 − mean over cells of (1−γ)ᵏ.
  public func realised(gamma: Double) -> Double {
    cellShares.reduce(0) { $0 + $1.share * BlockLaw.death(seeds: $1.seeds, gamma: gamma) }
  }

  /// The probability of each cell to be dropped, `[H,W]`.
  public func deathProbability(gamma: Double) -> Tensor {
    let (down, across) = (rows.coverage, columns.coverage)
    return Tensor(
      [rows.size, columns.size],
      down.flatMap { y in across.map { Float(BlockLaw.death(seeds: y * $0, gamma: gamma)) } })
  }

  /// 1 − (1−γ)ᵏ, exact also for small γ.
  private static func death(seeds: Int, gamma: Double) -> Double {
    -expm1(Double(seeds) * log1p(-gamma))
  }
}
