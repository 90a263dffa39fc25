public import TensorCore

/// x with dimensions of size 1 put in: `axes` (attribute before opset 13, input 1 since) says where
/// they stand in the result.
public struct Unsqueeze: ReshapingOperator {
  public static let opType = "Unsqueeze"
  public static let schema = OperatorSchema(
    attributes: [.ints("axes", until: 12, required: true)],
    inputs: [.init([1: .firstTypes, 13: .all]), .init([13: .int64])])
  public static let role = OperatorRole.reshape
  let axes: [Int]?

  public init(_ node: NodeReader) throws(TensorError) { axes = try node.ints("axes") }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let shape = try inputs.required(0).shape
    return Shape(try sources(inputs).map { $0.map { shape[$0] } ?? 1 })
  }

  /// Those there were stay what they are; nobody can say what the new ones are.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let sources = try? sources(inputs)
    return AxisRule(
      outputs: outputs.map { output in
        sources?.map { $0.map { .axes([.init(0, $0)]) } ?? .unknown }
          ?? output.shape.dims.map { _ in .unknown }
      })
  }

  /// The axis of the input that each of the result is; nil for a new one.
  private func sources(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [Int?] {
    let shape = try inputs.required(0).shape
    guard let axes = try inputs.integers(attribute: axes, input: 1) else {
      throw TensorError("Unsqueeze", expected: "axes", found: "none")
    }
    let rank = shape.rank + axes.count
    var added: Set<Int> = []
    for axis in axes {
      let resolved = axis < 0 ? axis + rank : axis
      guard (0..<rank).contains(resolved), added.insert(resolved).inserted else {
        throw TensorError(
          "Unsqueeze", expected: "different axes of \(rank) dimensions", found: "\(axes)")
      }
    }
    var rest = shape.dims.indices.makeIterator()
    return (0..<rank).map { added.contains($0) ? nil : rest.next() }
  }
}
