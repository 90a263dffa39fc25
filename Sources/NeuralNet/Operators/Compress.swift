import Masks
public import TensorCore

/// The slices of x along `axis` for which the condition, input 1, holds; without an axis the elements, in
/// row-major order. What the condition says nothing of is left out.
public struct Compress: PickingOperator {
  public static let opType = "Compress"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .int("axis", since: 9)
    ],
    inputs: [.init(.firstTypes), .init(.bool)])
  private let axis: Int?

  public init(_ node: NodeReader) throws(TensorError) {
    axis = node.has("axis") ? try node.int("axis", default: 0) : nil
  }

  /// The shape whose slices are chosen from, and the axis they lie along.
  private func layout(_ x: Shape) throws(TensorError) -> (shape: Shape, axis: Int) {
    guard let axis else { return ([x.count], 0) }
    return (x, try x.axis(axis, in: "Compress"))
  }

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (x, axis) = try layout(try inputs.required(0).shape)
    let condition = try inputs.truths(1)
    guard condition.rank == 1, condition.count <= x[axis] else {
      throw TensorError(
        "Compress", expected: "a list of at most \(x[axis]) truths", found: "\(condition)")
    }
    guard case .bool(let chosen)? = inputs.optional(1)?.constant else {
      throw TensorError(
        "Compress", expected: "input 1 to be a constant", found: "a value only a run can tell")
    }
    var dims = x.dims
    dims[axis] = chosen.elements.count { $0 }
    return Shape(dims)
  }

  /// They stay, but that slices are chosen; without an axis all run into one.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard axis == nil, let rank = inputs.optional(0)?.shape.rank else {
      return .keeping(of: inputs, outputs: outputs)
    }
    return AxisRule(outputs: [[AxisRule.merging(0..<rank)]])
  }

  public func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int] {
    let (x, axis) = try layout(try inputs.required(0).shape)
    let chosen = try inputs.truths(1).elements
    let places = chosen.indices.filter { chosen[$0] }
    let (size, inner) = (x[axis], x.dims[(axis + 1)...].reduce(1, *))
    let each = places.count * inner
    return (0..<shape.count).map {
      $0 / each * size * inner + places[$0 / inner % places.count] * inner + $0 % inner
    }
  }
}
