public import TensorCore

/// x without dimensions of size 1: those in `axes` (attribute before opset 13, input 1 since), or all.
public struct Squeeze: ReshapingOperator {
  public static let opType = "Squeeze"
  public static let role = OperatorRole.reshape
  let axes: [Int]?

  public init(_ node: NodeReader) throws(TensorError) { axes = try node.ints("axes") }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let shape = try inputs.required(0).shape
    guard let axes = try inputs.integers(attribute: axes, input: 1) else {
      return Shape(shape.dims.filter { $0 != 1 })
    }
    var squeezed: Set<Int> = []
    for axis in axes {
      let resolved = try shape.axis(axis, in: "Squeeze")
      guard shape[resolved] == 1 else {
        throw TensorError(
          "Squeeze", expected: "a size of 1 at axis \(axis)", found: "\(shape)")
      }
      squeezed.insert(resolved)
    }
    return Shape(shape.dims.indices.filter { !squeezed.contains($0) }.map { shape[$0] })
  }
}
