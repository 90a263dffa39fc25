import Masks
public import TensorCore

/// y = x, of any type, a sequence too.
public struct Identity: ReshapingOperator, AxisKeepingOperator, WholeValueOperator {
  public static let opType = "Identity"
  public static let schema = OperatorSchema(inputs: [.init([1: .firstTypes, 13: .all])])
  public static let role = OperatorRole.reshape
  public init(_ node: NodeReader) {}

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    try inputs.required(0).shape
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [try inputs.required(0)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try inputs.required(0)]
  }
}
