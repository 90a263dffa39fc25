import Masks
public import TensorCore

/// Whether an optional value is there.
public struct OptionalHasElement: AxisFreeOperator, WholeValueOperator {
  public static let opType = "OptionalHasElement"
  public static let schema = OperatorSchema(
    since: 15, inputs: [.init([15: .firstTypes], optionalSince: 18)])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo([], type: .bool)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.bool(NDArray([], [inputs.optional(0) ?? .absent != .absent]))]
  }

  /// A truth has no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
