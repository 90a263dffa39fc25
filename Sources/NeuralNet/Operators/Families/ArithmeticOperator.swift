import Masks
public import TensorCore

/// An operator on two arrays that broadcast, both float32 (activations) or both int64 (shapes).
public protocol ArithmeticOperator: ElementwiseOperator, BroadcastingOperator, CellMaker {
  /// How the shapes go together.
  var broadcasting: BroadcastRule { get }
  /// What becomes of two numbers.
  static func apply(_ a: Float, _ b: Float) -> Float
  /// What becomes of two whole numbers; overflow wraps around, as in C.
  static func apply(_ a: Int64, _ b: Int64) -> Int64
}

extension ArithmeticOperator {
  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    broadcasting.operands(inputs)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.required(0), try inputs.required(1))
    guard a.type == b.type, a.type != .bool else {
      throw TensorError(
        inputs.opType, expected: "two float32 or two int64", found: "\(a.type) and \(b.type)")
    }
    return [
      ValueInfo(try broadcasting.shape(a.shape, b.shape, in: inputs.opType), type: a.type)
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try combined(inputs)
  }

  /// The operator's result, for operators that look at their inputs first.
  func combined(_ inputs: Inputs<Value>) throws(TensorError) -> [Value] {
    if case .int64(let a) = try inputs.required(0) {
      let b = try inputs.integers(1)
      let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: inputs.opType)
      return [.int64(broadcast.map(a, b) { Self.apply($0, $1) })]
    }
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    if a.shape == b.shape, broadcasting.takesEqual {
      _ = try Shape(computed: a.shape.dims, in: inputs.opType)
      return [
        .float32(
          a.mapChunks(with: b) { a, b, y in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            for i in y.indices { y[i] = Self.apply(a[i], b[i]) }
          })
      ]
    }
    let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: inputs.opType)
    if b.count == 1, broadcast.shape == a.shape {
      let right = b[0]
      return [
        .float32(
          a.mapChunks { a, y in
            guard let a = a.baseAddress else { return }
            for i in y.indices { y[i] = Self.apply(a[i], right) }
          })
      ]
    }
    return [.float32(broadcast.map(a, b) { Self.apply($0, $1) })]
  }

  /// `combine` of the elements of an array in the result's shape and those of operand 0 or 1, which
  /// broadcasts to it; in place where the shapes are equal.
  @inline(__always)
  func combined(
    _ full: consuming Tensor, withOperand index: Int, of pass: borrowing BackwardPass,
    _ combine: @Sendable (Float, Float) -> Float
  ) throws(TensorError) -> Tensor {
    let operand = try pass.inputs.tensor(index)
    if operand.shape == full.shape {
      full.changeChunks(reading: operand) { full, operand in
        for i in full.indices { full[i] = combine(full[i], operand[i]) }
      }
      return full
    }
    let shape = try laidOut(index, of: pass)
    return try Broadcast(full.shape, shape, in: Self.opType)
      .map(full, operand, combine)
  }

  /// The gradients by both operands, in their shapes, from those in the result's shape.
  func summed(
    a: Tensor?, b: Tensor?, of pass: borrowing BackwardPass
  ) throws(TensorError) -> [Tensor?] {
    var sums: [Tensor?] = []
    for (index, full) in [a, b].enumerated() {
      let shape = try laidOut(index, of: pass)
      let own = try pass.inputs.required(index).shape
      guard let full else {
        sums.append(nil)
        continue
      }
      sums.append(try Reduction.sum(full, to: shape, in: Self.opType).reshaped(to: own))
    }
    return sums
  }

  /// The shape under which NumPy's rule lays an operand along the result.
  private func laidOut(
    _ index: Int, of pass: borrowing BackwardPass
  ) throws(TensorError) -> Shape {
    let shape = try pass.inputs.required(index).shape
    guard index == 1 else { return shape }
    return try broadcasting.aligned(
      shape, to: try pass.inputs.required(0).shape, in: Self.opType)
  }
}

extension OperatorSchema {
  /// That of sums, differences, products and quotients.
  static let arithmetic = OperatorSchema(
    attributes: [
      .int("axis", until: 6), .flag("broadcast", until: 6), .ints("consumed_inputs", until: 5),
    ],
    inputs: .init(
      repeating: .init([
        1: .floats, 6: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16],
        14: [.floats, .integers, .bfloat16],
      ]), count: 2))
}

/// How a node broadcasts its second operand. From opset 7 on as NumPy does; before, only where the
/// attribute `broadcast` says so, and then B is laid along A from dimension `axis` on.
public struct BroadcastRule: Sendable {
  private enum Rule {
    case numpy
    case equal
    case aligned(axis: Int?)
  }
  private let rule: Rule

  /// Reads the attributes. - Throws: `TensorError` where they are of another type.
  public init(_ node: NodeReader) throws(TensorError) {
    if node.opset >= 7 {
      rule = .numpy
    } else if try node.int("broadcast", default: 0) == 0 {
      rule = .equal
    } else {
      rule = .aligned(axis: node.has("axis") ? try node.int("axis", default: 0) : nil)
    }
  }

  /// Whether equal shapes go together; those laid along an axis of the first need not.
  var takesEqual: Bool { if case .aligned = rule { false } else { true } }

  /// The shape of the broadcast of two shapes. - Throws: `TensorError` where they do not go together.
  func shape(_ a: Shape, _ b: Shape, in operation: String) throws(TensorError) -> Shape {
    let isLikeFirst = if case .numpy = rule { b.rank == 0 } else { false }
    if isLikeFirst || (a == b && takesEqual) { return try Shape(computed: a.dims, in: operation) }
    return try broadcast(a, b, in: operation).shape
  }

  /// The broadcast of two shapes. - Throws: `TensorError` where they do not go together.
  func broadcast(_ a: Shape, _ b: Shape, in operation: String) throws(TensorError) -> Broadcast {
    switch rule {
    case .numpy:
      return try Broadcast(a, b, in: operation)
    case .equal:
      guard a == b else {
        throw TensorError(
          operation, expected: "equal shapes (no broadcast before opset 7)", found: "\(a) and \(b)")
      }
      return try Broadcast(a, b, in: operation)
    case .aligned:
      let broadcast = try Broadcast(a, try aligned(b, to: a, in: operation), in: operation)
      guard broadcast.shape == a else {
        throw TensorError(operation, expected: "a shape that broadcasts to \(a)", found: "\(b)")
      }
      return broadcast
    }
  }

  /// The shapes of two operands as NumPy's rule lays them along the result.
  func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    let (a, b) = (inputs.optional(0)?.shape, inputs.optional(1)?.shape)
    guard let a, let b else { return [a, b] }
    return [a, try? aligned(b, to: a, in: inputs.opType)]
  }

  /// The shape of the second operand with 1s after it until NumPy's rule, which aligns shapes at
  /// their last dimension, lays it where this rule wants it.
  /// - Throws: `TensorError` where it does not fit there.
  func aligned(_ b: Shape, to a: Shape, in operation: String) throws(TensorError) -> Shape {
    guard case .aligned(let axis?) = rule else { return b }
    // Axis rank is where an operand without dimensions stands.
    let start = axis == a.rank ? axis : try a.axis(axis, in: operation)
    guard start + b.rank <= a.rank else {
      throw TensorError(
        operation, expected: "a shape that fits \(a) from axis \(axis) on", found: "\(b)")
    }
    let ones = [Int](repeating: 1, count: a.rank - b.rank - start)
    return try Shape(checking: b.dims + ones, in: operation)
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

  /// Two activations combined element by element, as where a network's branches meet.
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let (a, b) = try elements(at: offset, in: inputs)
    let operands = zip(node.inputs, [a, b]).map {
      CellSource.Operand(name: $0, value: Double($1))
    }
    return .operands(operands, Double(Self.apply(a, b)))
  }
}
