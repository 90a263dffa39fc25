import Masks
public import TensorCore

/// An operator that says where along `axis` the most extreme number stands, as int64: the first of
/// equals, with `select_last_index` the last.
public protocol ExtremeIndexOperator: Operator {
  /// The attributes.
  var rule: ExtremeIndex { get }
  /// Whether a number takes the place of the best so far; NaN does, and none takes its place.
  static func isBetter<T: Comparable>(_ x: T, than best: T) -> Bool
}

/// Where a most extreme number is looked for.
public struct ExtremeIndex: Sendable {
  fileprivate let axis: Int
  fileprivate let keepsDims: Bool
  fileprivate let takesLast: Bool

  init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
    keepsDims = try node.int("keepdims", default: 1) != 0
    takesLast = try node.int("select_last_index", default: 0) != 0
  }
}

extension ExtremeIndexOperator {
  public static var typedOutputs: Int { 0 }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    let axis = try x.shape.axis(rule.axis, in: Self.opType)
    guard x.type == .float32 || x.type == .int64, x.shape[axis] > 0 else {
      throw TensorError(
        Self.opType, expected: "numbers along axis \(axis)", found: "\(x.type) \(x.shape)")
    }
    var dims = x.shape.dims
    if rule.keepsDims { dims[axis] = 1 } else { dims.remove(at: axis) }
    return [ValueInfo(Shape(dims), type: .int64)]
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard !rule.keepsDims, let shape = inputs.optional(0)?.shape,
      let axis = try? shape.axis(rule.axis, in: Self.opType)
    else { return .keeping(of: inputs, outputs: outputs) }
    let kept = shape.dims.indices.filter { $0 != axis }
    return AxisRule(outputs: [kept.map { .axes([.init(0, $0)]) }])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.required(0)
    let axis = try x.shape.axis(rule.axis, in: Self.opType)
    let (size, inner) = (x.shape[axis], x.shape.dims[(axis + 1)...].reduce(1, *))
    func indices<E>(_ x: NDArray<E>, _ isBetter: (E, E) -> Bool) -> NDArray<Int64> {
      x.withElements { x in
        NDArray(shape) { out in
          for i in out.indices {
            let start = i / inner * size * inner + i % inner
            var best = 0
            for next in 1..<max(1, size) {
              let (new, old) = (x[start + next * inner], x[start + best * inner])
              if isBetter(new, old) || (rule.takesLast && !isBetter(old, new)) { best = next }
            }
            out[i] = Int64(best)
          }
        }
      }
    }
    switch x {
    case .float32(let x):
      return [.int64(indices(x) { $1.isNaN ? false : $0.isNaN || Self.isBetter($0, than: $1) })]
    case .int64(let x):
      let order = context.integerOrder
      return [.int64(indices(x) { Self.isBetter($0 ^ order, than: $1 ^ order) })]
    default: throw TensorError(Self.opType, expected: "numbers", found: "\(x.type)")
    }
  }

  /// Places have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}

extension OperatorSchema {
  /// That of both.
  static let extremeIndex = OperatorSchema(
    attributes: [
      .int("axis"),
      .flag("keepdims"),
      .flag("select_last_index", since: 12),
    ],
    inputs: [.init([1: [.floats, .integers], 13: [.floats, .integers, .bfloat16]])])
}
