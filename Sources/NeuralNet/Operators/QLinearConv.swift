import Masks
public import TensorCore

/// A convolution of numbers as QuantizeLinear makes them, with a bias of int32 in the product's scale, and
/// quantised again: inputs x, its scale and zero point, the weights and theirs, one for each channel or
/// for all, the result's scale and zero point, and the bias.
public struct QLinearConv: WholeConvolution {
  public static let opType = "QLinearConv"
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
      .init(.bytes), .init(.float32), .init(.bytes), .init(.bytes), .init(.float32), .init(.bytes),
      .init(.float32), .init(.bytes), .init([10: .int32], optionalSince: 10),
    ])
  public static let places = (weights: 3, zero: 2, weightZero: 5)
  public let conv: Conv

  public init(_ node: NodeReader) throws(TensorError) { conv = try Conv(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try shape(inputs)
    let channels = shape[1]
    for index in [1, 4, 6] {
      let scale = try inputs.tensor(index)
      guard scale.count == 1 || (index == 4 && scale.dims == [channels]) else {
        throw TensorError(
          "QLinearConv", expected: "one scale for input \(index)", found: "\(scale)")
      }
    }
    guard try inputs.whole(7).count == 1 else {
      throw TensorError(
        "QLinearConv", expected: "one zero point for input 7", found: "\(try inputs.whole(7))")
    }
    if inputs.optional(8) != nil, try inputs.whole(8).dims != [channels] {
      throw TensorError(
        "QLinearConv", expected: "a bias [\(channels)]", found: "\(try inputs.whole(8))")
    }
    return [ValueInfo(shape, type: inputs.type(7) ?? .uint8)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let type = try outputs(for: inputs.described)[0].type
    let sums = try sums(inputs)
    let (x, w, y) = (try inputs.tensor(1)[0], try inputs.tensor(4), try inputs.tensor(6)[0])
    let zero = try inputs.integers(7)[0]
    let bias = inputs.optional(8) == nil ? nil : try inputs.integers(8)
    let each = sums.shape.dims.dropFirst(2).reduce(1, *)
    let numbers = (0..<sums.count).map { index in
      let channel = index / each % sums.shape[1]
      let factor = Double(x) * Double(w[w.count == 1 ? 0 : channel]) / Double(y)
      return type.quantized(Double(sums[index] &+ (bias?[channel] ?? 0)) * factor, zero: zero)
    }
    return [try Value(.int64(NDArray(sums.shape, numbers)), as: type)]
  }
}
