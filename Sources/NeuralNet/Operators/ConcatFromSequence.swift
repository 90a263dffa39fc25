import Masks
public import TensorCore

/// The arrays of a sequence one after another along `axis`, or, with `new_axis`, stacked along one more.
public struct ConcatFromSequence: SequenceOperator {
  public static let opType = "ConcatFromSequence"
  public static let schema = OperatorSchema(
    since: 11, attributes: [.int("axis", required: true), .flag("new_axis")],
    inputs: [.init([11: .sequence])])
  private let axis: Int
  private let stacks: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    guard node.has("axis") else {
      throw TensorError(Self.opType, expected: "attribute axis", found: "none")
    }
    axis = try node.int("axis", default: 0)
    stacks = try node.int("new_axis", default: 0) != 0
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let elements = try inputs.sequence(0)
    guard let first = elements.first, elements.allSatisfy({ $0.type == first.type }) else {
      throw TensorError(
        Self.opType, expected: "arrays of one element type",
        found: elements.isEmpty ? "none" : "\(elements.map(\.type.rawValue))")
    }
    var shapes = elements.map(\.shape)
    var axis = axis
    if stacks {
      let rank = first.shape.rank + 1
      guard (-rank..<rank).contains(axis) else {
        throw TensorError(Self.opType, expected: "an axis of \(rank)", found: "\(axis)")
      }
      guard shapes.allSatisfy({ $0 == first.shape }) else {
        throw TensorError(Self.opType, expected: "arrays of one shape", found: "\(shapes)")
      }
      axis = axis < 0 ? axis + rank : axis
      shapes = shapes.map { Shape($0.dims[..<axis] + [1] + $0.dims[axis...]) }
    }
    return [
      ValueInfo(
        try concatenatedShape(shapes, axis: axis, in: Self.opType), type: first.type)
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let values = try inputs.sequence(0)
    if stacks { return [try values.stacked(along: axis, in: Self.opType)] }
    let joined = try Value.concatenated(values.map(\.computed), axis: axis, in: Self.opType)
    return [try Value(joined, as: values[0].type)]
  }

  /// The result is a copy.
  public func price(_ inputs: Inputs<Value>) -> Price {
    Price(bytes: (inputs.optional(0)?.bytes ?? 0).saturatingMultiplied(by: 2))
  }
}
