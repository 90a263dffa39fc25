import Masks
import TensorCore

/// The axes of a value along which the cells of a kind share a unit, in the value's order. Sizes do not
/// matter.
/// - Throws: `TensorError` where the kind cannot act on such a layout.
func sharedAxes(_ kind: any DropoutKind, _ layout: Layout) throws(TensorError) -> [Bool] {
  let rank = layout.shape.rank
  let two = try NCHW(Shape([Int](repeating: 2, count: rank)))
  let units = try kind.units(of: two)
  let axes = [units.n, units.c, units.h, units.w].map { $0 == 1 }
  // One row of L columns is laid out as N,C,L.
  return rank == 3 ? [axes[0], axes[1], axes[3]] : Array(axes.prefix(rank))
}
