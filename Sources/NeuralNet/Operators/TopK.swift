import Masks
public import TensorCore

/// The k largest numbers along `axis`, or with `largest` = 0 the k least, the most extreme first, and
/// where they stood, as int64. Of equals the first come first; NaN counts as the largest. k is an
/// attribute before opset 10, input 1 since.
public struct TopK: Operator {
  public static let opType = "TopK"
  public static let schema = OperatorSchema(
    attributes: [
      .int("axis"),
      .int("k", until: 9, required: true),
      .flag("largest", since: 11),
      .flag("sorted", since: 11),
    ],
    inputs: [
      .init([1: .floats, 11: [.floats, .integers], 24: [.floats, .integers, .bfloat16]]),
      .init([10: .int64]),
    ],
    outputs: [1: 2])
  public static let typedOutputs = 1
  private let axis: Int
  private let attribute: Int?
  private let isLargest: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -1)
    attribute = node.opset < 10 ? try node.int("k", default: 0) : nil
    isLargest = try node.int("largest", default: 1) != 0
  }

  private func count(_ inputs: Inputs<ValueInfo>, of size: Int) throws(TensorError) -> Int {
    let given = if let attribute { [attribute] } else { try inputs.integers(1) }
    guard given.count == 1, (0...size).contains(given[0]) else {
      throw TensorError("TopK", expected: "a k from 0 to \(size)", found: "\(given)")
    }
    return given[0]
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError("TopK", expected: "numbers for input 0", found: "\(x.type)")
    }
    let axis = try x.shape.axis(axis, in: "TopK")
    var dims = x.shape.dims
    dims[axis] = try count(inputs, of: dims[axis])
    return [ValueInfo(Shape(dims), type: x.type), ValueInfo(Shape(dims), type: .int64)]
  }

  /// What stands along the axis is chosen by its size.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    var rule = AxisRule.keeping(of: inputs, outputs: outputs)
    if let axis = try? inputs.optional(0)?.shape.axis(axis, in: "TopK") {
      for index in rule.outputs.indices { rule.outputs[index][axis] = .unknown }
    }
    return rule
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.required(0)
    let axis = try x.shape.axis(axis, in: "TopK")
    let (size, inner) = (x.shape[axis], x.shape.dims[(axis + 1)...].reduce(1, *))
    func best<E>(_ x: NDArray<E>, _ isBefore: (E, E) -> Bool) -> (NDArray<E>, NDArray<Int64>) {
      let k = shape[axis]
      var values = [E](), indices = [Int64](repeating: 0, count: shape.count)
      x.withElements { x in
        for row in 0..<(k == 0 ? 0 : shape.count / k) {
          let start = row / inner * size * inner + row % inner
          let order = (0..<size).sorted { a, b in
            let (x, y) = (x[start + a * inner], x[start + b * inner])
            return isBefore(x, y) || (a < b && !isBefore(y, x))
          }
          for (place, index) in order.prefix(k).enumerated() {
            indices[row / inner * k * inner + place * inner + row % inner] = Int64(index)
          }
        }
        values = indices.indices.map { i in
          x[i / (k * inner) * size * inner + Int(indices[i]) * inner + i % inner]
        }
      }
      return (NDArray(shape, values), NDArray(shape, indices))
    }
    switch x {
    case .float32(let x):
      // By a number that orders NaN above all others.
      let (values, indices) = best(x) { a, b in
        isLargest
          ? a > b || (a.isNaN && !b.isNaN) : a < b || (b.isNaN && !a.isNaN)
      }
      return [.float32(values), .int64(indices)]
    case .int64(let x):
      let order = context.integerOrder
      let (values, indices) = best(x) {
        isLargest ? $0 ^ order > $1 ^ order : $0 ^ order < $1 ^ order
      }
      return [.int64(values), .int64(indices)]
    default: throw TensorError("TopK", expected: "numbers", found: "\(x.type)")
    }
  }

  /// Sorting costs a number times its logarithm.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let count = inputs.optional(0)?.shape.count ?? 0
    return count.saturatingMultiplied(by: max(1, count.bitWidth - count.leadingZeroBitCount))
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0), case .int64(let indices) = pass.outputs[1] else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    let axis = try shape.axis(axis, in: "TopK")
    let (size, inner) = (shape[axis], shape.dims[(axis + 1)...].reduce(1, *))
    let each = indices.shape[axis] * inner
    let g = try pass.takeGradient()
    var gradient = Tensor(shape, repeating: 0)
    for i in 0..<g.count {
      gradient[i / each * size * inner + Int(indices[i]) * inner + i % inner] += g[i]
    }
    return pass.only(gradient)
  }
}
