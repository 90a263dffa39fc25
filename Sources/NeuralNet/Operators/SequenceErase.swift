import Masks
public import TensorCore

/// A sequence without the array at a place, counted from the end where it is below 0; by default the last.
public struct SequenceErase: SequenceOperator {
  public static let opType = "SequenceErase"
  public static let schema = OperatorSchema(
    since: 11, inputs: [.init([11: .sequence]), .init([11: [.int32, .int64]], optionalSince: 11)])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(sequence: try shortened(try inputs.sequence(0), inputs))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.sequence(try shortened(try inputs.sequence(0), inputs.described))]
  }

  private func shortened<Item>(
    _ items: [Item], _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> [Item] {
    guard !items.isEmpty else {
      throw TensorError(Self.opType, expected: "an array to take away", found: "none")
    }
    var items = items
    let place = try inputs.place(1, in: 0..<items.count, ofSequence: items.count)
    items.remove(at: place ?? items.count - 1)
    return items
  }
}
