import Masks
public import TensorCore

/// What all x up to each one along an axis come to, the axis being what input 1 names: those up to the one
/// before with `exclusive`, from the end with `reverse`.
public protocol RunningOperator: AxisKeepingOperator {
  /// The attributes.
  var rule: RunningRule { get }
  /// What nothing comes to.
  static var start: Int64 { get }
  static func combine(_ a: Double, _ x: Float) -> Double
  static func combine(_ a: Int64, _ x: Int64) -> Int64
}

/// The attributes of CumSum and CumProd.
public struct RunningRule: Sendable {
  let isExclusive, isReversed: Bool
}

extension RunningRule {
  init(_ node: NodeReader) throws(TensorError) {
    isExclusive = try node.int("exclusive", default: 0) != 0
    isReversed = try node.int("reverse", default: 0) != 0
  }

  /// The axis; nil where it is only known in a run.
  func axis(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Int? {
    let (x, axis) = (try inputs.required(0), try inputs.required(1))
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError(inputs.opType, expected: "numbers for input 0", found: "\(x.type)")
    }
    guard axis.type == .int64, axis.shape.count == 1, axis.shape.rank <= 1 else {
      throw TensorError(
        inputs.opType, expected: "one whole number for input 1",
        found: "\(axis.type) \(axis.shape)")
    }
    guard axis.constant != nil else { return nil }
    return try x.shape.axis(try inputs.integers(1)[0], in: inputs.opType)
  }

  /// The places of each row along an axis, in the order in which they are gone through.
  func rows(_ shape: Shape, _ axis: Int) -> [[Int]] {
    let (size, inner) = (shape[axis], shape.dims[(axis + 1)...].reduce(1, *))
    guard size > 0 else { return [] }
    return (0..<shape.count / size).map { row in
      let start = row / inner * size * inner + row % inner
      return (0..<size).map { start + (isReversed ? size - 1 - $0 : $0) * inner }
    }
  }

  func scanned<E: BitwiseCopyable & Sendable, S>(
    _ x: NDArray<E>, _ axis: Int, from start: S, _ combine: (S, E) -> S, _ result: (S) -> E
  ) -> NDArray<E> {
    var made = x
    let rows = rows(x.shape, axis)
    made.withMutableElements { y in
      for row in rows {
        var all = start
        for at in row {
          let next = combine(all, y[at])
          y[at] = result(isExclusive ? all : next)
          all = next
        }
      }
    }
    return made
  }
}

extension RunningOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    _ = try rule.axis(inputs)
    let x = try inputs.required(0)
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let axis = try rule.axis(inputs.described) ?? 0
    switch try inputs.required(0) {
    case .float32(let x):
      return [
        .float32(
          rule.scanned(x, axis, from: Double(Self.start), { Self.combine($0, $1) }, { Float($0) }))
      ]
    case .int64(let x):
      return [.int64(rule.scanned(x, axis, from: Self.start, { Self.combine($0, $1) }, { $0 }))]
    case let x: throw TensorError(Self.opType, expected: "numbers", found: "\(x.type)")
    }
  }

  /// A place for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.bytes(of: MemoryLayout<Int>.stride)
  }
}
