import Masks
public import TensorCore

/// An optional value: x, or one that is not there.
public struct OptionalOperator: SequenceOperator {
  public static let opType = "Optional"
  public static let schema = OperatorSchema(
    since: 15, attributes: [.other("type", .typeProto)],
    inputs: [.init([15: .firstTypes], optionalSince: 15)])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [inputs.optional(0) ?? ValueInfo(constant: .absent)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [inputs.optional(0) ?? .absent]
  }
}
