public import TensorCore

/// Every element for itself, before a max-pool that chooses from what is left: Wu and Gu 2015,
/// max-pooling dropout (arXiv:1512.01400). Nothing is rescaled in training; at evaluation the pool
/// gives the expectation instead (`expected`).
///
/// As a mask on an activation it shows the cells that the pool may choose from.
public struct MaxPoolDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "max-pool"
  public let summary = "elements before a max-pool, which then chooses another (Wu 2015)"
  public let target = Target.pool
  public let takesScaling = false
  public func units(of layout: Layout) -> Layout { layout }
  public func transfer(rate: Rate, scaling: Scaling) -> Transfer { Transfer() }

  /// The probability of each cell of a window of n to be the one chosen, largest first:
  /// (1−p)·pᵏ for k = 0 ..< n; what is missing to 1, pⁿ, is that of none.
  public static func probabilities(cells n: Int, rate: Rate) -> [Double] {
    var power = 1.0
    return (0..<n).map { _ in
      defer { power *= rate.p }
      return rate.keep * power
    }
  }

  /// What the pool gives for one window in training: the largest kept value, 0 where none is kept.
  /// NaN counts as largest, as in a pool without dropout.
  /// - Returns: the value, and which cell of the window it is from.
  public static func pool(_ window: [Float], kept: [Bool]) -> (value: Float, chosen: Int?) {
    precondition(window.count == kept.count, "\(window.count) cells, \(kept.count) decisions")
    var chosen: Int?
    for i in window.indices where kept[i] {
      guard let best = chosen else {
        chosen = i
        continue
      }
      if isLarger(window[i], window[best]) { chosen = i }
    }
    return (chosen.map { window[$0] } ?? 0, chosen)
  }

  /// What the pool gives for one window at evaluation: the mean over all masks, Σ (1−p)·pᵏ·aₖ with
  /// the cells in descending order; the window's maximum at p = 0, and 0 at p = 1.
  public static func expected(_ window: [Float], rate: Rate) -> Float {
    let sorted = window.sorted(by: isLarger)
    let mean = zip(sorted, probabilities(cells: window.count, rate: rate)).reduce(0.0) {
      sum, cell in
      // Cells that are never chosen have no say, be they infinite.
      cell.1 == 0 ? sum : sum + Double(cell.0) * cell.1
    }
    return Float(mean)
  }

  private static func isLarger(_ a: Float, _ b: Float) -> Bool {
    b.isNaN ? false : a.isNaN || a > b
  }
}
