import Masks
public import TensorCore

/// The slices of x that lists of indices point at, a list along the last axis of input 1; the first
/// `batch_dims` axes of both are gone through together. Any element type.
public struct GatherND: PickingOperator {
  public static let opType = "GatherND"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .int("batch_dims", since: 12)
    ],
    inputs: [.init([11: .firstTypes, 13: .all]), .init(.int64)])
  private let batch: Int

  public init(_ node: NodeReader) throws(TensorError) {
    batch = try node.int("batch_dims", default: 0)
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (x, indices) = (try inputs.required(0).shape, try inputs.whole(1))
    let depth = indices.dims.last ?? 0
    guard (0..<max(1, min(x.rank, indices.rank))).contains(batch), indices.rank > 0,
      x.dims[..<batch] == indices.dims[..<batch], depth >= 0, depth <= x.rank - batch
    else {
      throw TensorError(
        "GatherND", expected: "lists of at most \(x.rank) − \(batch) indices", found: "\(indices)")
    }
    let dims = Array(indices.dims.dropLast()) + x.dims[(batch + depth)...]
    return try Shape(computed: dims, in: "GatherND")
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let x = inputs.optional(0)?.shape, let indices = inputs.optional(1)?.shape,
      let depth = indices.dims.last
    else { return .unknown(outputs) }
    // A list of single indices leaves the axis that it chooses from what it is.
    let isList = depth == 1 && indices.rank == batch + 2
    let lists = (0..<indices.rank - 1).map { axis in
      AxisRule.Origin.axes(
        axis < batch || isList ? [.init(0, axis), .init(1, axis)] : [.init(1, axis)])
    }
    return AxisRule(
      outputs: [lists + (min(batch + depth, x.rank)..<x.rank).map { .axes([.init(0, $0)]) }])
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let (x, indices) = (try inputs.required(0).shape, try inputs.integers(1))
    guard shape.count > 0 else { return [] }
    let starts = try inputs.listOffsets(indices, in: x, batch: batch)
    let inner = shape.count / max(1, starts.count)
    return starts.flatMap { $0..<$0 + inner }
  }
}
