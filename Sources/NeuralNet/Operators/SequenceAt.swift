import Masks
public import TensorCore

/// The array at a place of a sequence, counted from the end where it is below 0.
public struct SequenceAt: SequenceOperator {
  public static let opType = "SequenceAt"
  public static let schema = OperatorSchema(
    since: 11, inputs: [.init([11: .sequence]), .init([11: [.int32, .int64]])])
  public init(_ node: NodeReader) {}

  /// Where only a run can tell the place, what all arrays have in common.
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let elements = try inputs.sequence(0)
    if try inputs.required(1).constant == nil, let first = elements.first?.uncomputed,
      elements.allSatisfy({ $0.uncomputed == first })
    {
      return [first]
    }
    return [elements[try place(inputs, of: elements.count)]]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let values = try inputs.sequence(0)
    return [values[try place(inputs.described, of: values.count)]]
  }

  private func place(_ inputs: Inputs<ValueInfo>, of count: Int) throws(TensorError) -> Int {
    guard let place = try inputs.place(1, in: 0..<count, ofSequence: count) else {
      throw TensorError(Self.opType, expected: "a place", found: "none")
    }
    return place
  }
}
