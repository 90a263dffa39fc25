import Masks
public import TensorCore

/// A matrix product of 8-bit numbers less their zero points, inputs 2 and 3: one for all, or one for each
/// row of A or column of B; as int32.
public struct MatMulInteger: WholeProduct {
  public static let opType = "MatMulInteger"
  public static let schema = OperatorSchema(
    since: 10,
    inputs: [
      .init(.bytes), .init(.bytes), .init([10: .bytes], optionalSince: 10),
      .init([10: .bytes], optionalSince: 10),
    ])
  public static let places = (b: 1, zero: 2, otherZero: 3)
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try product(inputs).shape, type: .int32)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try Value(.int64(try sums(inputs)), as: .int32)]
  }
}
