import Masks
public import TensorCore

/// What lies between two observations A and B of one layer: B − A, and how many cells of the mask
/// changed state.
public struct Difference: Sendable {
  /// B − A at the shown layer after dropout, `[N,C,H,W]`; 0 also where both are the same infinity or
  /// both are NaN.
  public let values: Tensor
  /// The mean of |B − A| over the layer's finite differences.
  public let meanSize: Double
  /// Cells whose difference is NaN or infinite, left out of the mean.
  public let notFinite: Int
  /// Cells of the mask dropped in one and kept in the other; nil where the masks lie at different
  /// sites or have different shapes.
  public let changed: Changed?
  /// The share of cells expected to change when both masks come from one field: the mean of
  /// |P_A − P_B|, P a cell's probability to be dropped. Kinds are nested in the rate, so this holds
  /// between two rates of one kind only; nil otherwise and where the kind has no such map.
  public let coupled: Double?
  /// The same for a field drawn anew: the mean of P_A(1 − P_B) + P_B(1 − P_A).
  public let anew: Double?

  /// k of n cells.
  public struct Changed: Equatable, Sendable {
    /// Cells that changed, counted.
    public let cells: Int
    /// Cells counted.
    public let of: Int

    /// So many of so many.
    public init(cells: Int, of: Int) { (self.cells, self.of) = (cells, of) }

    /// k/n, or 0 for an empty mask.
    public var share: Double { of == 0 ? 0 : Double(cells) / Double(of) }
  }

  /// A setting, its site and what it leads to.
  public typealias Side = (setting: Setting, site: String, seen: Observation)

  /// The difference from A to B.
  public init(from a: Side, to b: Side) {
    let (before, after) = (a.seen.dropped, b.seen.dropped)
    var (sum, finite) = (0.0, 0)
    values = Tensor(before.shape) { cells in
      for i in 0..<cells.count {
        let (x, y) = (before[i], after[i])
        let difference = x == y || (x.isNaN && y.isNaN) ? 0 : y - x
        cells[i] = difference
        if difference.isFinite {
          sum += Double(abs(difference))
          finite += 1
        }
      }
    }
    notFinite = before.count - finite
    meanSize = finite == 0 ? 0 : sum / Double(finite)

    let (kept, keptToo) = (a.seen.mask.kept, b.seen.mask.kept)
    guard a.site == b.site, a.seen.siteLayout == b.seen.siteLayout else {
      (changed, coupled, anew) = (nil, nil, nil)
      return
    }
    var cells = 0
    for i in 0..<kept.count where kept[i] != keptToo[i] { cells += 1 }
    changed = Changed(cells: cells, of: kept.count)

    guard let p = Difference.chances(a), let q = Difference.chances(b), p.count == q.count else {
      (coupled, anew) = (nil, nil)
      return
    }
    var (apart, either) = (0.0, 0.0)
    for i in 0..<p.count {
      let (p, q) = (Double(p[i]), Double(q[i]))
      apart += abs(p - q)
      either += p * (1 - q) + q * (1 - p)
    }
    let (one, other) = (a.setting, b.setting)
    let isNested =
      one.kind == other.kind && one.kinds == other.kinds && one.rule == other.rule
    coupled = isNested ? apart / Double(p.count) : nil
    anew = either / Double(p.count)
  }

  /// How likely each cell of a map is to be dropped; nil where nothing drops or no map says it.
  private static func chances(_ side: Side) -> Tensor? {
    side.setting.mode == .train ? side.seen.deathProbability(rate: side.setting.rate) : nil
  }
}
