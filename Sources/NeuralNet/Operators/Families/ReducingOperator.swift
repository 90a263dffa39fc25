import Masks
public import TensorCore

/// An operator that makes one number of all along some axes: those of attribute `axes` or, in later
/// operator sets, of input 1; without any along all, unless `noop_with_empty_axes` says along none: then each number is reduced by itself.
public protocol ReducingOperator: Operator {
  /// The attributes.
  var axes: ReducedAxes { get }
  /// What becomes of whole numbers; their type orders them as int64 does once each is combined with
  /// `order` by exclusive or.
  static func reduce(_ row: UnsafeBufferPointer<Int64>, order: Int64) -> Int64
  /// Whether truths may be reduced, as 0 and 1.
  static var takesTruths: Bool { get }
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
      return isNothingForNone ? nil : Array(0..<(try inputs.required(0).shape.rank))
    }
    return given
  }
}

extension ReducingOperator {
  public static var takesTruths: Bool { false }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 || (x.type == .bool && Self.takesTruths) else {
      throw TensorError(Self.opType, expected: "numbers for input 0", found: "\(x.type)")
    }
    guard let over = try axes.resolved(inputs) else { return [ValueInfo(x.shape, type: x.type)] }
    let shape = try Reduction.shape(
      of: x.shape, over: over, keepingDims: axes.keepsDims, in: Self.opType)
    return [ValueInfo(shape, type: x.type)]
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
    let shape = try outputs(for: inputs.described)[0].shape
    let over = try axes.resolved(inputs.described) ?? []
    switch try inputs.required(0) {
    case .float32(let x): return [.float32(try Self.reduce(x, over: over).reshaped(to: shape))]
    case .int64(let x):
      return [.int64(try reduced(x, over: over, to: shape, order: context.integerOrder))]
    case .bool(let x):
      let numbers = try reduced(x.map { $0 ? 1 : 0 }, over: over, to: shape, order: 0)
      return [.bool(numbers.map { $0 > 0 })]
    case let x: throw TensorError(Self.opType, expected: "numbers", found: "\(x.type)")
    }
  }

  private func reduced(
    _ x: NDArray<Int64>, over: [Int], to shape: Shape, order: Int64
  ) throws(TensorError) -> NDArray<Int64> {
    let rows = x.gathered(try .reducing(x.shape, over: over, in: Self.opType))
    let columns = shape.count == 0 ? 0 : x.count / shape.count
    return rows.withElements { x in
      NDArray(shape) { out in
        for row in out.indices {
          out[row] = Self.reduce(
            UnsafeBufferPointer(rebasing: x[row * columns..<(row + 1) * columns]), order: order)
        }
      }
    }
  }

  /// Whole numbers are laid out row by row first.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let x = inputs.optional(0), x.type != .float32 else { return 0 }
    return x.bytes
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let over = try axes.resolved(pass.inputs.described) ?? []
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
    for i in 0..<g.count where g[i] != 0 {
      g[i] *= Self.share(x: x[i], y: results[i], equals: equals[i], count: count)
    }
    return pass.only(g)
  }
}

extension StridedView {
  /// An array with the axes that are reduced after all others.
  static func reducing(
    _ shape: Shape, over axes: [Int], in operation: String
  ) throws(TensorError) -> StridedView {
    var reduced = Set<Int>()
    for axis in axes { reduced.insert(try shape.axis(axis, in: operation)) }
    let order = (0..<shape.rank).filter { !reduced.contains($0) } + reduced.sorted()
    return try .transposing(shape, order: order, in: operation)
  }
}

extension Int64 {
  /// The whole number nearest to x towards 0, or the nearest there is; 0 for NaN.
  init(towardZero x: Double) {
    self = x.isNaN ? 0 : x >= 0x1p63 ? .max : x <= -0x1p63 ? .min : Int64(x)
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
  /// That of sums of what is made of numbers along axes.
  static let sumAlongAxes = OperatorSchema(
    attributes: [
      .ints("axes", until: 17), .flag("keepdims"), .flag("noop_with_empty_axes", since: 18),
    ],
    inputs: [
      .init([1: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]]),
      .init([18: .int64], optionalSince: 18),
    ])
}
