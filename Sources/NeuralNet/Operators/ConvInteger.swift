import Masks
public import TensorCore

/// A convolution of 8-bit numbers less their zero points, inputs 2 and 3, as int32.
public struct ConvInteger: WholeConvolution {
  public static let opType = "ConvInteger"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .string("auto_pad", since: 10, of: ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"]),
      .ints("dilations", since: 10, in: 1 ... .max),
      .int("group", since: 10, in: 1 ... .max),
      .ints("kernel_shape", since: 10, in: 1 ... .max),
      .ints("pads", since: 10, in: 0 ... .max),
      .ints("strides", since: 10, in: 1 ... .max),
    ],
    inputs: [
      .init(.bytes), .init(.bytes), .init([10: .bytes], optionalSince: 10),
      .init([10: .bytes], optionalSince: 10),
    ])
  public static let places = (weights: 1, zero: 2, weightZero: 3)
  public let conv: Conv

  public init(_ node: NodeReader) throws(TensorError) { conv = try Conv(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try shape(inputs), type: .int32)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    return [try Value(.int64(try sums(inputs)), as: .int32)]
  }
}
