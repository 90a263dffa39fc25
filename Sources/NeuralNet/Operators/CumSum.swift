import Masks
public import TensorCore

/// The sums of all x up to each one along the axis that input 1 names: those up to the one before with
/// `exclusive`, from the end with `reverse`.
public struct CumSum: AxisKeepingOperator {
  public static let opType = "CumSum"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .flag("exclusive", since: 11),
      .flag("reverse", since: 11),
    ],
    inputs: [
      .init([
        11: [.wideIntegers, .float32, ElementTypes(.float64)],
        14: [.floats, .wideIntegers, .bfloat16],
      ]), .init([.int32, .int64]),
    ])
  private let (isExclusive, isReversed): (Bool, Bool)

  public init(_ node: NodeReader) throws(TensorError) {
    isExclusive = try node.int("exclusive", default: 0) != 0
    isReversed = try node.int("reverse", default: 0) != 0
  }

  private func axis(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Int? {
    let (x, axis) = (try inputs.required(0), try inputs.required(1))
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError("CumSum", expected: "numbers for input 0", found: "\(x.type)")
    }
    guard axis.type == .int64, axis.shape.count == 1, axis.shape.rank <= 1 else {
      throw TensorError(
        "CumSum", expected: "one whole number for input 1", found: "\(axis.type) \(axis.shape)")
    }
    guard axis.constant != nil else { return nil }
    return try x.shape.axis(try inputs.integers(1)[0], in: "CumSum")
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    _ = try axis(inputs)
    let x = try inputs.required(0)
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let axis = try axis(inputs.described) ?? 0
    switch try inputs.required(0) {
    case .float32(let x):
      return [
        .float32(sums(x, axis, isReversed, from: 0.0, { $0 + Double($1) }, { Float($0) }))
      ]
    case .int64(let x): return [.int64(sums(x, axis, isReversed, from: 0, &+, { $0 }))]
    case let x: throw TensorError("CumSum", expected: "numbers", found: "\(x.type)")
    }
  }

  private func sums<E, S>(
    _ x: NDArray<E>, _ axis: Int, _ isReversed: Bool, from zero: S, _ add: (S, E) -> S,
    _ result: (S) -> E
  ) -> NDArray<E> {
    let (size, inner) = (x.shape[axis], x.shape.dims[(axis + 1)...].reduce(1, *))
    var sums = x
    sums.withMutableElements { x in
      for row in 0..<(size == 0 ? 0 : x.count / size) {
        let start = row / inner * size * inner + row % inner
        var sum = zero
        for step in 0..<size {
          let at = start + (isReversed ? size - 1 - step : step) * inner
          let next = add(sum, x[at])
          x[at] = result(isExclusive ? sum : next)
          sum = next
        }
      }
    }
    return sums
  }

  /// What comes after is a sum the other way.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let axis = try axis(pass.inputs.described) ?? 0
    let g = try pass.takeGradient()
    return pass.only(sums(g, axis, !isReversed, from: 0.0, { $0 + Double($1) }, { Float($0) }))
  }
}
