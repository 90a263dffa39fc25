import Masks
public import TensorCore

/// A matrix product of whole numbers, exact: what MatMulInteger and QLinearMatMul have in common.
public protocol WholeProduct: Operator {
  /// The positions of B and of the zero points of A and B.
  static var places: (b: Int, zero: Int, otherZero: Int) { get }
}

extension WholeProduct {
  public static var role: OperatorRole { .dense }
  public static var typedOutputs: Int { 0 }

  /// The product of the shapes.
  func product(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> StackedProduct {
    let (a, b) = (try inputs.whole(0), try inputs.whole(Self.places.b))
    for (index, x, axis) in [(Self.places.zero, a, -2), (Self.places.otherZero, b, -1)]
    where inputs.optional(index) != nil {
      _ = try Self.laidOut(try inputs.whole(index), x, along: axis)
    }
    return try StackedProduct(a, b, in: Self.opType)
  }

  /// A number for all of a matrix, or one for each of its rows or columns, in a shape that broadcasts.
  static func laidOut(
    _ numbers: Shape, _ matrix: Shape, along axis: Int
  ) throws(TensorError) -> Shape {
    if numbers.count == 1 { return [] }
    let own = matrix.rank + axis
    if own >= 0, numbers.dims == [matrix[own]] {
      return axis == -1 ? numbers : Shape(numbers.dims + [1])
    }
    _ = try StridedView.broadcasting(numbers, to: matrix, in: opType)
    return numbers
  }

  /// (A − zero)·(B − zero).
  func sums(_ inputs: Inputs<Value>) throws(TensorError) -> NDArray<Int64> {
    let product = try product(inputs.described)
    func less(_ index: Int, _ zero: Int, _ axis: Int) throws(TensorError) -> NDArray<Int64> {
      let x = try inputs.integers(index)
      guard inputs.optional(zero) != nil else { return x }
      let own = try inputs.integers(zero)
      let shape = try Self.laidOut(own.shape, x.shape, along: axis)
      return try x.less(try own.reshaped(to: shape), in: Self.opType)
    }
    let a = try less(0, Self.places.zero, -2)
    let b = try less(Self.places.b, Self.places.otherZero, -1)
    return try WholeSums.of(a, b, terms: product.k) { a, b throws(TensorError) in
      product.forward(a, b)
    }
  }

  /// As of MatMul.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let own = Inputs(Self.opType, [inputs.optional(0), inputs.optional(Self.places.b)])
    let rule = MatMul.axes(of: own, outputs: outputs)
    let moved = rule.outputs.map { origins in
      origins.map { origin -> AxisRule.Origin in
        guard case .axes(let places) = origin else { return origin }
        return .axes(places.map { $0.input == 1 ? .init(Self.places.b, $0.axis) : $0 })
      }
    }
    return AxisRule(expects: rule.expects, outputs: moved)
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: inputs.optional(0)?.shape.dims.last ?? 0)
  }

  /// The numbers less their zero points, in parts and as floats.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let shapes = [inputs.optional(0), inputs.optional(Self.places.b), outputs[0]]
    return shapes.reduce(0) { $0.saturatingAdding($1?.shape.bytes(of: 40) ?? 0) }
  }

  /// Whole numbers have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
