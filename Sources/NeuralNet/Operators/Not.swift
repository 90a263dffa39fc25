import Masks
public import TensorCore

/// Whether x does not hold: bool → bool.
public struct Not: AxisKeepingOperator {
  public static let opType = "Not"
  public static let schema = OperatorSchema(inputs: [.init(.bool)])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.truths(0), type: .bool)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.bool(try inputs.truths(0).mapChunks { x, y in for i in x.indices { y[i] = !x[i] } })]
  }

  /// Truths have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
