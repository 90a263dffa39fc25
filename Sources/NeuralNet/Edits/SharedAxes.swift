import Masks
import TensorCore

/// The axes of a value along which the cells of a kind share a unit, in the value's order. Sizes do not
/// matter.
/// - Throws: `TensorError` where the kind cannot act on such a layout.
func sharedAxes(_ kind: any DropoutKind, _ layout: Layout) throws(TensorError) -> [Bool] {
  let cells = Layout(Shape(layout.shape.dims.map { _ in 2 }), layout.axes)
  return try kind.units(of: cells).shape.dims.map { $0 == 1 }
}
