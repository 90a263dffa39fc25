import Masks
public import TensorCore

/// The number of elements of x, as int64: known without a run.
public struct SizeOperator: AxisFreeOperator {
  public static let opType = "Size"
  public static let schema = OperatorSchema(
    inputs: [.init([1: .firstTypes, 13: .all])])
  public static let typedOutputs = 0
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let count = Int64(try inputs.required(0).shape.count)
    return [ValueInfo(constant: .int64(NDArray(scalar: count)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.int64(NDArray(scalar: Int64(try inputs.required(0).shape.count)))]
  }

  /// The numbers of x are not looked at.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
