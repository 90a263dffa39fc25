public import TensorCore

/// y = x, of any type.
public struct Identity: ReshapingOperator, AxisKeepingOperator {
  public static let opType = "Identity"
  public static let schema = OperatorSchema(inputs: [.init([1: .firstTypes, 13: .all])])
  public static let role = OperatorRole.reshape
  public init(_ node: NodeReader) {}

  public func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    try inputs.required(0).shape
  }
}
