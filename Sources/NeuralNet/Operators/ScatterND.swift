import Masks
public import TensorCore

/// x with the slices that lists of indices point at, a list along the last axis of input 1, taken from
/// the updates.
public struct ScatterND: ScatteringOperator {
  public static let opType = "ScatterND"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .string("reduction", since: 16)
    ],
    inputs: [
      .init([11: .firstTypes, 13: .all]), .init(.int64), .init([11: .firstTypes, 13: .all]),
    ])
  public let reduction: ScatterReduction

  public init(_ node: NodeReader) throws(TensorError) { reduction = try ScatterReduction(node) }

  public func check(_ x: Shape, indices: Shape, updates: Shape) throws(TensorError) {
    guard let depth = indices.dims.last, depth <= x.rank else {
      throw TensorError(
        "ScatterND", expected: "lists of at most \(x.rank) indices", found: "\(indices)")
    }
    let dims = indices.dims.dropLast() + x.dims[depth...]
    guard updates.dims == Array(dims) else {
      throw TensorError(
        "ScatterND", expected: "updates \(Array(dims))", found: "\(updates)")
    }
  }

  /// Slices lie along what they are slices of, and a single list of them along what it chooses from.
  public func axes(ofUpdates updates: Shape, x: Shape, indices: Shape) -> [Int?] {
    let (lists, depth) = (indices.rank - 1, indices.dims.last ?? 0)
    return updates.dims.indices.map {
      $0 >= lists ? $0 - lists + depth : lists == 1 && depth == 1 ? 0 : nil
    }
  }

  public func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int] {
    let (x, indices) = (try inputs.required(0).shape, try inputs.integers(1))
    let count = try inputs.required(2).shape.count
    guard count > 0 else { return [] }
    let starts = try inputs.listOffsets(indices, in: x, batch: 0)
    let inner = count / max(1, starts.count)
    return starts.flatMap { $0..<$0 + inner }
  }
}
