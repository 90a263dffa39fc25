import Masks
public import TensorCore

/// An operator whose elements each come from the one at the same row-major offset of one input, the
/// other inputs being constants: what a cell's arithmetic goes straight through.
public protocol ElementwiseOperator: Operator {
  /// What becomes of `x`, the element at `offset` of input `index`, and the constant it is combined
  /// with where there is one. The inputs are those of a run.
  /// - Throws: `TensorError` where the inputs do not go together.
  func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?)
}

extension Shape {
  /// The row-major offset in an array of this shape of the element that lies at `offset` once it is
  /// broadcast to `target`, as NumPy does it.
  func offset(broadcastTo target: Shape, at offset: Int) -> Int {
    var (rest, own, step) = (offset, 0, 1)
    for axis in 0..<target.rank {
      let fromEnd = target.rank - 1 - axis
      let (next, index) = rest.quotientAndRemainder(dividingBy: max(1, target[fromEnd]))
      rest = next
      let ownAxis = rank - 1 - axis
      guard ownAxis >= 0 else { break }
      if dims[ownAxis] > 1 { own += index * step }
      step *= dims[ownAxis]
    }
    return own
  }
}
