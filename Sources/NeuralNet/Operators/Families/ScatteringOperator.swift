import Glibc
import Masks
public import TensorCore

/// An operator that leaves x but for the elements that updates, input 2, take the place of or are
/// combined with; any element type.
public protocol ScatteringOperator: Operator {
  /// What becomes of an element and its updates.
  var reduction: ScatterReduction { get }
  /// - Throws: `TensorError` where the inputs do not go together.
  func check(_ x: Shape, indices: Shape, updates: Shape) throws(TensorError)
  /// The axis of x along which each axis of the updates lies; nil for one that lies along none.
  func axes(ofUpdates updates: Shape, x: Shape, indices: Shape) -> [Int?]
  /// Where in x each update goes, as row-major offsets.
  /// - Throws: `TensorError` where an index is out of range.
  func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int]
}

/// What becomes of an element of x and an update: the attribute `reduction`.
public enum ScatterReduction: String, Sendable {
  case none, add, mul, max, min

  init(_ node: NodeReader) throws(TensorError) {
    let text = try node.string("reduction", default: "none")
    guard let own = ScatterReduction(rawValue: text) else {
      throw TensorError(
        "\(node.node.opType) reduction", expected: "none, add, mul, max or min", found: text)
    }
    self = own
  }

  fileprivate func combine(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .none: b
    case .add: a + b
    case .mul: a * b
    case .max: b > a || b.isNaN ? b : a
    case .min: b < a || b.isNaN ? b : a
    }
  }

  fileprivate func combine(_ a: Int64, _ b: Int64, order: Int64) -> Int64 {
    switch self {
    case .none: b
    case .add: a &+ b
    case .mul: a &* b
    case .max: Swift.max(a ^ order, b ^ order) ^ order
    case .min: Swift.min(a ^ order, b ^ order) ^ order
    }
  }
}

extension ScatteringOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, updates) = (try inputs.required(0), try inputs.required(2))
    guard x.type == updates.type, x.type.computed != nil,
      x.type != .bool || reduction == .none
    else {
      throw TensorError(
        Self.opType, expected: "numbers and updates of one type",
        found: "\(x.type) and \(updates.type)")
    }
    try check(x.shape, indices: try inputs.whole(1), updates: updates.shape)
    return [ValueInfo(x.shape, type: x.type)]
  }

  /// All axes stay; the updates' are the same where they lie along them.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let x = inputs.optional(0)?.shape, let indices = inputs.optional(1)?.shape,
      let updates = inputs.optional(2)?.shape
    else { return .unknown(outputs) }
    let along = axes(ofUpdates: updates, x: x, indices: indices)
    let origins = x.dims.indices.map { axis in
      AxisRule.Origin.axes(
        [.init(0, axis)] + along.indices.filter { along[$0] == axis }.map { .init(2, $0) })
    }
    return AxisRule(outputs: [origins])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let offsets = try offsets(inputs)
    func scattered<E>(
      _ x: NDArray<E>, _ updates: NDArray<E>, _ combine: (E, E) -> E
    ) -> NDArray<E> {
      var y = x
      y.withMutableElements { y in
        updates.withElements { updates in
          for (i, at) in offsets.enumerated() { y[at] = combine(y[at], updates[i]) }
        }
      }
      return y
    }
    switch (try inputs.required(0), try inputs.required(2)) {
    case (.float32(let x), .float32(let updates)):
      return [.float32(scattered(x, updates) { reduction.combine($0, $1) })]
    case (.int64(let x), .int64(let updates)):
      let order = context.integerOrder
      return [.int64(scattered(x, updates) { reduction.combine($0, $1, order: order) })]
    case (.bool(let x), .bool(let updates)): return [.bool(scattered(x, updates) { $1 })]
    default: throw TensorError(Self.opType, expected: "numbers", found: "another type")
    }
  }

  /// An offset for each update.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    inputs.optional(2)?.shape.bytes(of: MemoryLayout<Int>.stride) ?? 0
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    let offsets = try offsets(pass.inputs)
    let (x, updates) = (try pass.inputs.tensor(0), try pass.inputs.tensor(2))
    let y = try pass.output(0)
    let g = try pass.takeGradient()
    var own = g
    var other = Tensor(updates.shape, repeating: 0)
    switch reduction {
    case .add: for (i, at) in offsets.enumerated() { other[i] = g[at] }
    case .none:
      // Of several updates of one element the last one stays.
      for (i, at) in offsets.enumerated().reversed() {
        other[i] = own[at]
        own[at] = 0
      }
    case .mul:
      var groups: [Int: [Int]] = [:]
      for (i, at) in offsets.enumerated() { groups[at, default: []].append(i) }
      for (at, group) in groups {
        let numbers = [x[at]] + group.map { updates[$0] }
        func others(_ index: Int) -> Float {
          numbers.indices.reduce(1) { $1 == index ? $0 : $0 * numbers[$1] }
        }
        own[at] = g[at] * others(0)
        for (place, i) in group.enumerated() { other[i] = g[at] * others(place + 1) }
      }
    case .max, .min:
      // Equals share the gradient.
      var equals = [Int: Float]()
      for at in Set(offsets) { equals[at] = x[at] == y[at] ? 1 : 0 }
      for (i, at) in offsets.enumerated() where updates[i] == y[at] { equals[at, default: 0] += 1 }
      for (at, count) in equals { own[at] = x[at] == y[at] ? g[at] / count : 0 }
      for (i, at) in offsets.enumerated() where updates[i] == y[at] {
        other[i] = g[at] / (equals[at] ?? 1)
      }
    }
    var all = pass.none
    if pass.wants(0) { all[0] = own }
    if pass.wants(2) { all[2] = other }
    return all
  }
}
