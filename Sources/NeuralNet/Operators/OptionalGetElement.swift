import Masks
public import TensorCore

/// The value that an optional one holds: x itself.
public struct OptionalGetElement: AxisKeepingOperator, WholeValueOperator {
  public static let opType = "OptionalGetElement"
  public static let schema = OperatorSchema(
    since: 15, inputs: [.init([15: .firstTypes])])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [try inputs.required(0)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    guard x != .absent else {
      throw TensorError(
        Self.opType, expected: "a value", found: "an optional one that is not there")
    }
    return [x]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    return pass.only(try pass.takeGradient())
  }
}
