public import TensorCore

/// x as a matrix: the dimensions before `axis` (default 1) become rows, the others columns.
public struct Flatten: ReshapingOperator {
  public static let opType = "Flatten"
  public static let schema = OperatorSchema(
    attributes: [.int("axis")], inputs: [.init([1: .floats, 9: .firstTypes, 13: .all])])
  public static let role = OperatorRole.reshape
  let axis: Int

  public init(_ node: NodeReader) throws(TensorError) { axis = try node.int("axis", default: 1) }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let shape = try inputs.required(0).shape
    // Axis rank puts every dimension into the rows.
    let cut = axis == shape.rank ? axis : try shape.axis(axis, in: "Flatten")
    return [shape.dims[..<cut].reduce(1, *), shape.dims[cut...].reduce(1, *)]
  }

  /// Those before `axis` run into one, and the others too.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let rank = inputs.optional(0)?.shape.rank ?? 0
    let cut = min(max(axis < 0 ? axis + rank : axis, 0), rank)
    return AxisRule(outputs: [[AxisRule.merging(0..<cut), AxisRule.merging(cut..<rank)]])
  }
}
