import Masks
public import TensorCore

/// y[i][j][k] = x[index[i][j][k]][j][k] for `axis` 0, and likewise for others; indices may count from the
/// end. Any element type.
public struct GatherElements: PickingOperator {
  public static let opType = "GatherElements"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .int("axis", since: 11)
    ],
    inputs: [.init([11: .firstTypes, 13: .all]), .init([.int32, .int64])])
  private let axis: Int

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (x, indices) = (try inputs.required(0).shape, try inputs.whole(1))
    try x.check(indices, within: try x.axis(axis, in: "GatherElements"), in: "GatherElements")
    return indices
  }

  /// Indices leave an axis what it is.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let x = try inputs.required(0).shape
    return try inputs.elementOffsets(
      try inputs.integers(1), in: x, axis: try x.axis(axis, in: "GatherElements"))
  }
}

extension Shape {
  /// Looks whether indices have this shape's rank and no larger sizes but along one axis.
  /// - Throws: `TensorError` where they do not.
  func check(
    _ indices: Shape, within axis: Int, in operation: String
  ) throws(TensorError) {
    guard indices.rank == rank,
      dims.indices.allSatisfy({ $0 == axis || indices[$0] <= self[$0] })
    else {
      throw TensorError(
        operation, expected: "indices of the rank of \(self), no larger but along axis \(axis)",
        found: "\(indices)")
    }
  }
}

extension Inputs where Item == Value {
  /// For each index the offset in x of the element at its own place, but along `axis` where it says.
  /// - Throws: `TensorError` where an index is out of range.
  func elementOffsets(
    _ indices: NDArray<Int64>, in x: Shape, axis: Int
  ) throws(TensorError) -> [Int] {
    var offsets = [Int](repeating: 0, count: indices.count)
    var own = indices.shape.strides
    let (strides, dims) = (x.strides, indices.shape.dims)
    if indices.count == 0 { own = [] }
    for i in offsets.indices {
      var offset = try place(indices[i], before: x[axis]) * strides[axis]
      for d in own.indices where d != axis { offset += i / own[d] % dims[d] * strides[d] }
      offsets[i] = offset
    }
    return offsets
  }

  /// For each list along the last axis of `indices` the offset in x of what it points at, of `batch`
  /// axes in common; `inner` elements lie there.
  /// - Throws: `TensorError` where an index is out of range.
  func listOffsets(
    _ indices: NDArray<Int64>, in x: Shape, batch: Int
  ) throws(TensorError) -> [Int] {
    let depth = indices.shape.dims.last ?? 0
    let lists = indices.shape.dims.dropLast().reduce(1, *)
    let strides = x.strides
    // Lists of one item of the batch, and the elements of one.
    let each = lists / max(1, x.dims[..<batch].reduce(1, *))
    let item = x.dims[batch...].reduce(1, *)
    var offsets = [Int](repeating: 0, count: lists)
    for list in 0..<lists {
      var offset = batch == 0 ? 0 : list / max(1, each) * item
      for d in 0..<depth {
        let index = try place(indices[list * depth + d], before: x[batch + d])
        offset += index * strides[batch + d]
      }
      offsets[list] = offset
    }
    return offsets
  }
}
