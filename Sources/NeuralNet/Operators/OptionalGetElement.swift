import Masks
public import TensorCore

/// The value that an optional one holds: x itself.
public struct OptionalGetElement: AxisKeepingOperator {
  public static let opType = "OptionalGetElement"
  public static let schema = OperatorSchema(
    since: 15, inputs: [.init([15: .firstTypes])])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try inputs.required(0)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    return pass.only(try pass.takeGradient())
  }
}
