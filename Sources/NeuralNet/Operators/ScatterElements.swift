import Masks
public import TensorCore

/// x with y[index[i][j]][j] = updates[i][j] for `axis` 0, and likewise for others.
public struct ScatterElements: ScatteringOperator {
  public static let opType = "ScatterElements"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .int("axis", since: 11),
      .string("reduction", since: 16),
    ],
    inputs: [
      .init([11: .firstTypes, 13: .all]), .init([.int32, .int64]),
      .init([11: .firstTypes, 13: .all]),
    ])
  public let reduction: ScatterReduction
  private let axis: Int

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
    reduction = try ScatterReduction(node)
  }

  public func check(_ x: Shape, indices: Shape, updates: Shape) throws(TensorError) {
    try x.check(indices, within: try x.axis(axis, in: "ScatterElements"), in: "ScatterElements")
    guard updates == indices else {
      throw TensorError("ScatterElements", expected: "updates \(indices)", found: "\(updates)")
    }
  }

  public func axes(ofUpdates updates: Shape, x: Shape, indices: Shape) -> [Int?] {
    updates.dims.indices.map { $0 }
  }

  public func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int] {
    let x = try inputs.required(0).shape
    return try inputs.elementOffsets(
      try inputs.integers(1), in: x, axis: try x.axis(axis, in: "ScatterElements"))
  }
}
