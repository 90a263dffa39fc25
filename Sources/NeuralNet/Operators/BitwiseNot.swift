import Masks
public import TensorCore

/// Every bit of x turned over.
public struct BitwiseNot: AxisKeepingOperator {
  public static let opType = "BitwiseNot"
  public static let schema = OperatorSchema(
    since: 18,
    inputs: [.init(.integers)])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.whole(0), type: .int64)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.int64(try inputs.integers(0).mapChunks { x, y in for i in x.indices { y[i] = ~x[i] } })]
  }

  /// Bits have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
