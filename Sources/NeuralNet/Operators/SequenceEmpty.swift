import Masks
public import TensorCore

/// A sequence of no arrays. Of which element type they will be, attribute `dtype`, the first one inserted
/// says too.
public struct SequenceEmpty: SequenceOperator {
  public static let opType = "SequenceEmpty"
  public static let schema = OperatorSchema(since: 11, attributes: [.int("dtype")], inputs: [])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(sequence: [])]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] { [.sequence([])] }
}
