import Masks
public import TensorCore

/// How many arrays a sequence has, an int64.
public struct SequenceLength: SequenceOperator {
  public static let opType = "SequenceLength"
  public static let schema = OperatorSchema(since: 11, inputs: [.init([11: .sequence])])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let count = Int64(try inputs.sequence(0).count)
    return [ValueInfo(constant: .int64(NDArray([], [count])))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.int64(NDArray([], [Int64(try inputs.sequence(0).count)]))]
  }
}
