import Masks
public import TensorCore

/// A sequence with an array more, before the one at a place, counted from the end where it is below 0; by
/// default behind the last.
public struct SequenceInsert: SequenceOperator {
  public static let opType = "SequenceInsert"
  public static let schema = OperatorSchema(
    since: 11,
    inputs: [
      .init([11: .sequence]), .init([11: .firstTypes]),
      .init([11: [.int32, .int64]], optionalSince: 11),
    ])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let elements = try inputs.sequence(0)
    return [ValueInfo(sequence: try extended(elements, by: try inputs.required(1), inputs))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (values, new) = (try inputs.sequence(0), try inputs.required(1))
    guard values.first.map({ $0.type == new.type }) ?? true else {
      throw TensorError(Self.opType, expected: "\(values[0].type)", found: "\(new.type)")
    }
    return [.sequence(try extended(values, by: new, inputs.described))]
  }

  private func extended<Item>(
    _ items: [Item], by new: Item, _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> [Item] {
    var items = items
    let place = try inputs.place(2, in: 0..<items.count + 1, ofSequence: items.count)
    items.insert(new, at: place ?? items.count)
    return items
  }
}
