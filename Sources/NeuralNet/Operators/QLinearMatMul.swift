import Masks
public import TensorCore

/// A matrix product of numbers as QuantizeLinear makes them, quantised again: inputs A, its scale and
/// zero point, B and its own, and the result's.
public struct QLinearMatMul: WholeProduct {
  public static let opType = "QLinearMatMul"
  public static let schema = OperatorSchema(
    since: 10,
    inputs: [
      .init(.bytes), .init([10: .float32, 21: [ElementTypes(.float16), .float32, .bfloat16]]),
      .init(.bytes), .init(.bytes),
      .init([10: .float32, 21: [ElementTypes(.float16), .float32, .bfloat16]]), .init(.bytes),
      .init([10: .float32, 21: [ElementTypes(.float16), .float32, .bfloat16]]), .init(.bytes),
    ])
  public static let places = (b: 3, zero: 2, otherZero: 5)
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try product(inputs).shape
    let own = try factors(inputs) { (inputs, index) throws(TensorError) in
      try inputs.tensor(index)
    }
    for factor in own + [try Self.laidOut(try inputs.whole(7), shape, along: -2)] {
      _ = try StridedView.broadcasting(factor, to: shape, in: "QLinearMatMul")
    }
    return [ValueInfo(shape, type: inputs.type(7) ?? .uint8)]
  }

  /// The shapes under which the three scales broadcast to the result.
  private func factors<Item>(
    _ inputs: Inputs<Item>, _ shape: (Inputs<Item>, Int) throws(TensorError) -> Shape
  ) throws(TensorError) -> [Shape] where Item: Sendable {
    let (a, b) = (try shape(inputs, 1), try shape(inputs, 4))
    let y = try shape(inputs, 6)
    func column(_ own: Shape) -> Shape {
      own.count == 1 ? [] : own.rank == 1 ? Shape(own.dims + [1]) : own
    }
    return [column(a), b.count == 1 ? [] : b, column(y)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let sums = try sums(inputs)
    let shapes = try factors(inputs) { (inputs, index) throws(TensorError) in
      try inputs.tensor(index).shape
    }
    var parts: [Tensor] = []
    for (index, shape) in zip([1, 4, 6], shapes) {
      let own = try inputs.tensor(index).reshaped(to: shape)
      parts.append(own.gathered(try .broadcasting(shape, to: sums.shape, in: "QLinearMatMul")))
    }
    let zero = try inputs.integers(7)
    let zeroShape = try Self.laidOut(zero.shape, sums.shape, along: -2)
    let zeros = try zero.reshaped(to: zeroShape)
      .gathered(.broadcasting(zeroShape, to: sums.shape, in: "QLinearMatMul"))
    let numbers = (0..<sums.count).map { i in
      let factor = Double(parts[0][i]) * Double(parts[1][i]) / Double(parts[2][i])
      return made.type.quantized(Double(sums[i]) * factor, zero: zeros[i])
    }
    return [try Value(.int64(NDArray(sums.shape, numbers)), as: made.type)]
  }
}
