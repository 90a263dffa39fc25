import Masks
public import TensorCore

/// An operator that folds any number of inputs into one, two at a time; they broadcast as NumPy's do,
/// before opset 8 they are of one shape.
public protocol VariadicOperator: BroadcastingOperator {
  /// Whether the inputs broadcast.
  var broadcasts: Bool { get }
  /// What becomes of two numbers.
  static func combine(_ a: Float, _ b: Float) -> Float
  /// What becomes of two whole numbers: one of them, by their order.
  static func combine(_ a: Int64, _ b: Int64) -> Int64
  /// Whether whole numbers may be combined.
  static var takesIntegers: Bool { get }
  /// The share of the gradient that reaches an input's element x where the result is y and `equals`
  /// of the inputs are as large as y.
  static func share(x: Float, y: Float, equals: Float) -> Float
}

extension VariadicOperator {
  public static var role: OperatorRole { .merge }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let all = try inputs.all()
    guard let first = all.first else {
      throw TensorError(Self.opType, expected: "one input or more", found: "none")
    }
    guard all.allSatisfy({ $0.type == first.type }),
      first.type == .float32 || (first.type == .int64 && Self.takesIntegers)
    else {
      throw TensorError(
        Self.opType, expected: "one type of number", found: "\(all.map(\.type.rawValue))")
    }
    var shape = first.shape
    for other in all.dropFirst() {
      guard broadcasts || other.shape == shape else {
        throw TensorError(
          Self.opType, expected: "equal shapes (no broadcast before opset 8)",
          found: "\(shape) and \(other.shape)")
      }
      shape = try Broadcast(shape, other.shape, in: Self.opType).shape
    }
    return [ValueInfo(shape, type: first.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    if case .int64(var sum) = try inputs.required(0) {
      let order = context.integerOrder
      for index in 1..<inputs.count {
        let next = try inputs.integers(index)
        sum = try Broadcast(sum.shape, next.shape, in: Self.opType)
          .map(sum, next) { Self.combine($0 ^ order, $1 ^ order) ^ order }
      }
      return [.int64(sum)]
    }
    var sum = try inputs.tensor(0)
    for index in 1..<inputs.count {
      let next = try inputs.tensor(index)
      sum = try Broadcast(sum.shape, next.shape, in: Self.opType)
        .map(sum, next) { Self.combine($0, $1) }
    }
    return [.float32(sum)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var all = pass.none
    let y = try pass.output(0)
    let inputs = try (0..<pass.inputs.count).map { index throws(TensorError) -> Tensor in
      let x = try pass.inputs.tensor(index)
      return x.gathered(try .broadcasting(x.shape, to: y.shape, in: Self.opType))
    }
    var equals = Tensor(y.shape, repeating: 0)
    for x in inputs {
      equals.changeChunks(reading: x, y) { equals, x, y in
        for i in x.indices where x[i] == y[i] { equals[i] += 1 }
      }
    }
    let g = try pass.takeGradient()
    for (index, x) in inputs.enumerated() where pass.wants(index) {
      let shares = Tensor(
        y.shape, y.elements.indices.map { Self.share(x: x[$0], y: y[$0], equals: equals[$0]) })
      var own = g
      own.changeChunks(reading: shares) { g, shares in for i in g.indices { g[i] *= shares[i] } }
      all[index] = try Reduction.sum(
        own, to: try pass.inputs.tensor(index).shape, in: Self.opType)
    }
    return all
  }
}

extension OperatorSchema {
  /// That of the greatest and the least of several arrays.
  static let extreme = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 12: [.floats, .integers], 13: [.floats, .integers, .bfloat16]])],
    repeatsInput: true)
}
