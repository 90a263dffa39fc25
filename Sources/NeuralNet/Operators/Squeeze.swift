public import TensorCore

/// x without dimensions of size 1: those in `axes` (attribute before opset 13, input 1 since), or all
/// where none are listed; an empty list is none, as onnxruntime takes it.
public struct Squeeze: ReshapingOperator {
  public static let opType = "Squeeze"
  public static let schema = OperatorSchema(
    attributes: [.ints("axes", until: 12)],
    inputs: [.init([1: .firstTypes, 13: .all]), .init([13: .int64], optionalSince: 13)])
  public static let role = OperatorRole.reshape
  let axes: [Int]?

  public init(_ node: NodeReader) throws(TensorError) { axes = try node.ints("axes") }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let shape = try inputs.required(0).shape
    return Shape(try kept(inputs).map { shape[$0] })
  }

  /// The axes that stay what they are.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let kept = try? kept(inputs)
    return AxisRule(
      outputs: outputs.map { output in
        kept?.map { .axes([.init(0, $0)]) } ?? output.shape.dims.map { _ in .unknown }
      })
  }

  /// The axes that are left.
  private func kept(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [Int] {
    let shape = try inputs.required(0).shape
    guard let axes = try inputs.integers(attribute: axes, input: 1), !axes.isEmpty else {
      return shape.dims.indices.filter { shape[$0] != 1 }
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
    return shape.dims.indices.filter { !squeezed.contains($0) }
  }
}
