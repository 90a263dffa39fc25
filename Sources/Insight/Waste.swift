public import Masks
public import TensorCore

/// What a mask took away that was there, and what it "dropped" though it was already zero: after
/// ReLU most of a feature map is zero, and dropping a zero changes nothing.
public struct Waste: Equatable, Sendable {
  /// Dropped cells whose clean value was not 0 (NaN counts as live).
  public var droppedLive = 0
  /// Dropped cells whose clean value was 0 already.
  public var droppedZero = 0
  /// Cells, dropped or kept, whose clean value is NaN or infinite: where there is one, no share of a
  /// sum is a number.
  public var notFinite = 0
  /// Share of Σ|x| that lay in dropped cells, 0 … 1; 0 for an all-zero map, NaN where a
  /// value is NaN or infinite.
  public var massRemoved = 0.0
  /// Share of Σx² that lay in dropped cells, 0 … 1; 0 for an all-zero map, NaN where a
  /// value is NaN or infinite.
  public var energyRemoved = 0.0

  /// Measures `mask` on the activation it acts on, which has the mask's elements.
  public init(clean: Tensor, mask: Mask) {
    precondition(clean.count == mask.layout.count, "\(clean.shape) under a mask of \(mask.layout)")
    let sums = clean.withElements { x in
      mask.kept.withElements { kept in
        nonisolated(unsafe) let (x, kept) = (x, kept)
        return BlockSums.sum(elements: x.count) { Waste.sums(x, kept, $0) }
      }
    }.values
    let (mass, energy, lostMass, lostEnergy) = (sums[0], sums[1], sums[2], sums[3])
    (droppedLive, droppedZero, notFinite) = (Int(sums[4]), Int(sums[5]), Int(sums[6]))
    massRemoved = mass == 0 ? 0 : mass.isFinite ? lostMass / mass : .nan
    energyRemoved = energy == 0 ? 0 : energy.isFinite ? lostEnergy / energy : .nan
  }

  /// Of a part of the cells: Σ|x|, Σx², both of dropped cells; dropped cells that were not 0 and that were,
  /// and cells that are not finite.
  private static func sums(
    _ x: UnsafeBufferPointer<Float>, _ kept: UnsafeBufferPointer<Bool>, _ range: Range<Int>
  ) -> Sums {
    var (mass, energy, lostMass, lostEnergy) = (0.0, 0.0, 0.0, 0.0)
    var (live, zero, notFinite) = (0, 0, 0)
    for i in range {
      let size = abs(Double(x[i]))
      if !size.isFinite { notFinite += 1 }
      mass += size
      energy += size * size
      guard !kept[i] else { continue }
      if x[i] == 0 { zero += 1 } else { live += 1 }
      lostMass += size
      lostEnergy += size * size
    }
    return Sums(
      values: [
        mass, energy, lostMass, lostEnergy, Double(live), Double(zero), Double(notFinite), 0,
      ])
  }

  /// Dropped cells in all.
  public var dropped: Int { droppedLive + droppedZero }

  /// The share of dropped cells that were zero already, 0 … 1; 0 where nothing was dropped.
  public var wasted: Double { dropped == 0 ? 0 : Double(droppedZero) / Double(dropped) }
}
