import Masks
public import TensorCore

/// An operator whose elements each come from the one at the same row-major offset of one input, the
/// other inputs being constants: what a cell's arithmetic goes straight through.
public protocol ElementwiseOperator: Operator {
  /// What becomes of `x`, the element at `offset` of input `index`, and the constant it is combined
  /// with where there is one. The inputs are those of a run.
  /// - Throws: `TensorError` where the inputs do not go together.
  func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?)
}

extension UnaryOperator {
  /// The function itself, in single precision.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (Double(Self.apply(Float(x))), nil)
  }
}

extension ReshapingOperator {
  /// Elements stay where they are.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (x, nil)
  }
}

extension ArithmeticOperator {
  /// With the constant's element at that place, in single precision.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    let operands = try elements(at: offset, in: inputs)
    let constant = index == 0 ? operands.b : operands.a
    let value = index == 0 ? Self.apply(Float(x), constant) : Self.apply(constant, Float(x))
    return (Double(value), Double(constant))
  }

  /// The elements of both inputs that make the element at an offset of the result.
  func elements(
    at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (a: Float, b: Float) {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    let shape = try broadcasting.broadcast(a.shape, b.shape, in: inputs.opType).shape
    let aligned = try broadcasting.aligned(b.shape, to: a.shape, in: inputs.opType)
    return (
      a[a.shape.offset(broadcastTo: shape, at: offset)],
      b[aligned.offset(broadcastTo: shape, at: offset)]
    )
  }
}

extension Clip: ElementwiseOperator {
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    var own = (0..<inputs.count).map { inputs.optional($0) }
    guard index < own.count else { return (x, nil) }
    own[index] = .float32(Tensor(scalar: Float(x)))
    guard case .float32(let y)? = try forward(Inputs(inputs.opType, own), RunContext()).first else {
      return (x, nil)
    }
    return (Double(y[0]), nil)
  }
}

extension BatchNormalization: ElementwiseOperator {
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    let shape = try inputs.tensor(0).shape
    let each = shape.dims.dropFirst(2).reduce(1, *)
    let c = offset / max(1, each) % max(1, shape[1])
    func parameter(_ index: Int) throws(TensorError) -> Double {
      Double(try inputs.tensor(index)[c])
    }
    let deviation = (try parameter(4) + Double(epsilon)).squareRoot()
    let value = (x - (try parameter(3))) / deviation * (try parameter(1)) + (try parameter(2))
    return (value, nil)
  }
}

extension DropoutOperator: ElementwiseOperator {
  /// Nothing happens at evaluation.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (x, nil)
  }
}

extension Shape {
  /// The row-major offset in an array of this shape of the element that lies at `offset` once it is
  /// broadcast to `target`, as NumPy does it.
  func offset(broadcastTo target: Shape, at offset: Int) -> Int {
    var (rest, own, step) = (offset, 0, 1)
    for axis in 0..<target.rank {
      let fromEnd = target.rank - 1 - axis
      let (next, index) = rest.quotientAndRemainder(dividingBy: max(1, target[fromEnd]))
      rest = next
      let ownAxis = rank - 1 - axis
      guard ownAxis >= 0 else { break }
      if dims[ownAxis] > 1 { own += index * step }
      step *= dims[ownAxis]
    }
    return own
  }
}
