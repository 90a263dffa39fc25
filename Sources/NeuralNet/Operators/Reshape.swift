public import TensorCore

/// x under another shape, given as attribute `shape` before opset 5 and as input 1 since. One −1
/// stands for whatever is left; a 0 copies the size at its place, or with `allowzero` is a size of 0.
public struct Reshape: ReshapingOperator {
  public static let opType = "Reshape"
  public static let schema = OperatorSchema(
    attributes: [
      .flag("allowzero", since: 14), .ints("consumed_inputs", until: 4), .ints("shape", until: 4),
    ], inputs: [.init([1: .floats, 5: .firstTypes, 13: .all]), .init([5: .int64])])
  public static let role = OperatorRole.reshape
  let fixed: [Int]?
  let allowsZero: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    fixed = node.opset < 5 ? try node.ints("shape") : nil
    allowsZero = try node.int("allowzero", default: 0) != 0
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let old = try inputs.required(0).shape
    let wanted = if let fixed { fixed } else { try inputs.integers(1) }
    var dims = wanted
    for (index, size) in wanted.enumerated() where size == 0 && !allowsZero {
      guard index < old.rank else {
        throw TensorError("Reshape", expected: "sizes to copy from \(old)", found: "\(wanted)")
      }
      dims[index] = old[index]
    }
    guard dims.count(where: { $0 == -1 }) <= 1 else {
      throw TensorError("Reshape", expected: "one −1 at most", found: "\(wanted)")
    }
    guard let open = dims.firstIndex(of: -1) else { return try fitting(old, dims) }
    dims[open] = 1
    let rest = try Shape(checking: dims, in: "Reshape").count
    guard rest > 0, old.count % rest == 0 else {
      throw TensorError("Reshape", expected: "a size for −1 that fits \(old)", found: "\(wanted)")
    }
    dims[open] = old.count / rest
    return try fitting(old, dims)
  }

  /// Axes that stand alone on both sides are the same; see `AxisRule.reshaping`.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let old = inputs.optional(0)?.shape, let new = outputs.first?.shape else {
      return .unknown(outputs)
    }
    let wanted = fixed ?? (try? inputs.integers(1)) ?? []
    return AxisRule(outputs: [AxisRule.reshaping(old, to: new, open: wanted.firstIndex(of: -1))])
  }

  private func fitting(_ old: Shape, _ dims: [Int]) throws(TensorError) -> Shape {
    let shape = try Shape(checking: dims, in: "Reshape")
    guard shape.count == old.count else {
      throw TensorError("Reshape", expected: "\(old.count) elements for \(old)", found: "\(shape)")
    }
    return shape
  }
}
