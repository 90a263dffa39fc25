import Masks
public import TensorCore

/// A sequence of the inputs, which are of one element type.
public struct SequenceConstruct: SequenceOperator {
  public static let opType = "SequenceConstruct"
  public static let schema = OperatorSchema(
    since: 11, inputs: [.init([11: .firstTypes])], repeatsInput: true)
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(sequence: try inputs.all())]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let values = try inputs.all()
    guard let first = values.first, values.allSatisfy({ $0.type == first.type }) else {
      throw TensorError(
        Self.opType, expected: "arrays of one element type", found: "\(values.map(\.type.rawValue))"
      )
    }
    return [.sequence(values)]
  }
}
