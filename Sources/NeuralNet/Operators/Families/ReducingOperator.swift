import Masks
public import TensorCore

/// An operator that makes one number of all along some axes: those of attribute `axes` or, in later
/// operator sets, of input 1; without any along all, unless `noop_with_empty_axes` says along none.
public protocol ReducingOperator: Operator {
  /// The attributes.
  var axes: ReducedAxes { get }
  /// What becomes of the numbers along the axes, which stay as sizes of 1.
  static func reduce(_ x: Tensor, over axes: [Int]) throws(TensorError) -> Tensor
  /// The share of a gradient that reaches x, one of `count` numbers that became y, `equals` of which
  /// are y themselves.
  static func share(x: Float, y: Float, equals: Float, count: Float) -> Float
}

/// Which axes are reduced, and whether they stay as sizes of 1.
public struct ReducedAxes: Sendable {
  private let attribute: [Int]?
  private let isNothingForNone: Bool
  let keepsDims: Bool

  init(_ node: NodeReader) throws(TensorError) {
    attribute = try node.ints("axes")
    keepsDims = try node.int("keepdims", default: 1) != 0
    isNothingForNone = try node.int("noop_with_empty_axes", default: 0) != 0
  }

  /// The axes for inputs; nil leaves x as it is.
  func resolved(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [Int]? {
    let given = try inputs.optional(1) == nil ? attribute : inputs.integers(1)
    guard let given, !given.isEmpty else {
      return isNothingForNone ? nil : Array(0..<(try inputs.tensor(0).rank))
    }
    return given
  }
}

extension ReducingOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let shape = try inputs.tensor(0)
    guard let over = try axes.resolved(inputs) else { return [ValueInfo(shape)] }
    return [
      ValueInfo(
        try Reduction.shape(
          of: shape, over: over, keepingDims: axes.keepsDims, in: Self.opType))
    ]
  }

  /// The axes that are left, and those that stay as sizes of 1.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let shape = inputs.optional(0)?.shape, let over = try? axes.resolved(inputs),
      !axes.keepsDims
    else { return .keeping(of: inputs, outputs: outputs) }
    let reduced = Set(over.map { $0 < 0 ? $0 + shape.rank : $0 })
    let kept = shape.dims.indices.filter { !reduced.contains($0) }
    return AxisRule(outputs: [kept.map { .axes([.init(0, $0)]) }])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    guard let over = try axes.resolved(inputs.described) else { return [.float32(x)] }
    let shape = try outputs(for: inputs.described)[0].shape
    return [.float32(try Self.reduce(x, over: over).reshaped(to: shape))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    guard let over = try axes.resolved(pass.inputs.described) else {
      return pass.only(try pass.takeGradient())
    }
    let (x, y) = (try pass.inputs.tensor(0), try pass.output(0))
    let kept = try Reduction.shape(of: x.shape, over: over, keepingDims: true, in: Self.opType)
    let view = try StridedView.broadcasting(kept, to: x.shape, in: Self.opType)
    let results = try y.reshaped(to: kept).gathered(view)
    var isEqual = Tensor(x.shape, repeating: 0)
    isEqual.changeChunks(reading: x, results) { equal, x, y in
      for i in equal.indices { equal[i] = x[i] == y[i] ? 1 : 0 }
    }
    let equals = try Reduction.sum(isEqual, over: over).gathered(view)
    let count = Float(x.count / max(1, kept.count))
    var g = try pass.takeGradient().reshaped(to: kept).gathered(view)
    for i in 0..<g.count {
      g[i] *= Self.share(x: x[i], y: results[i], equals: equals[i], count: count)
    }
    return pass.only(g)
  }
}

extension OperatorSchema {
  /// That of the greatest and the least along axes.
  static let extremeAlongAxes = OperatorSchema(
    attributes: [
      .ints("axes", until: 17), .flag("keepdims"), .flag("noop_with_empty_axes", since: 18),
    ],
    inputs: [
      .init([
        1: [.floats, .wideIntegers], 12: [.floats, .wideIntegers, .bytes],
        13: [.floats, .wideIntegers, .bytes, .bfloat16],
        20: [.floats, .wideIntegers, .bytes, .bfloat16, .bool],
      ]), .init([18: .int64], optionalSince: 18),
    ])
}
