import Masks
public import TensorCore

/// x from `starts` to before `ends` along `axes`, every `steps`-th: attributes before opset 10, inputs
/// 1 to 4 since. Any element type.
public struct Slice: AxisKeepingOperator {
  public static let opType = "Slice"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("axes", until: 9), .ints("ends", until: 9, required: true),
      .ints("starts", until: 9, required: true),
    ],
    inputs: [
      .init([1: .firstTypes, 13: .all]), .init([10: [.int32, .int64]]),
      .init([10: [.int32, .int64]]), .init([10: [.int32, .int64]], optionalSince: 10),
      .init([10: [.int32, .int64]], optionalSince: 10),
    ])
  private let starts: [Int]?
  private let ends: [Int]?
  private let axes: [Int]?

  public init(_ node: NodeReader) throws(TensorError) {
    (starts, ends) = (try node.ints("starts"), try node.ints("ends"))
    axes = try node.ints("axes")
    guard node.opset >= 10 || (starts != nil && ends != nil) else {
      throw TensorError("Slice", expected: "attributes starts and ends", found: "none")
    }
  }

  func view(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> StridedView {
    let shape = try inputs.required(0).shape
    let starts = try inputs.integers(attribute: starts, input: 1) ?? []
    let ends = try inputs.integers(attribute: ends, input: 2) ?? []
    let axes = try inputs.integers(attribute: axes, input: 3)
    let steps = try inputs.integers(attribute: nil, input: 4)
    let along = axes ?? Array(starts.indices)
    guard starts.count == ends.count, along.count == starts.count,
      (steps ?? starts).count == starts.count
    else {
      throw TensorError(
        "Slice", expected: "as many starts as ends, axes and steps",
        found: "\(starts), \(ends), \(along), \(steps ?? [])")
    }
    var (dims, strides, offset) = (shape.dims, shape.strides, 0)
    for (index, axis) in along.enumerated() {
      let axis = try shape.axis(axis, in: "Slice")
      let cells = try Slice.cells(
        from: starts[index], to: ends[index], by: steps?[index] ?? 1, of: shape[axis])
      dims[axis] = cells.count
      offset += cells.first * shape.strides[axis]
      strides[axis] = shape.strides[axis] * cells.step
    }
    return StridedView(Shape(dims), offset: dims.contains(0) ? 0 : offset, strides: strides)
  }

  /// The cells that `start:end:step` takes of `size`.
  /// https://onnx.ai/onnx/operators/onnx__Slice.html
  private static func cells(
    from start: Int, to end: Int, by step: Int, of size: Int
  ) throws(TensorError) -> (first: Int, step: Int, count: Int) {
    guard step != 0, step > Int.min else {
      throw TensorError("Slice", expected: "a step other than 0", found: "\(step)")
    }
    guard size > 0 else { return (0, 1, 0) }
    // Going backwards the cell before the first, −1, is an end as well, but no start: one that lies
    // before the array is its first cell there, other than in NumPy.
    func clamped(_ index: Int, from least: Int) -> Int {
      let counted = index < 0 ? index + size : index
      return min(max(counted, least), step > 0 ? size : size - 1)
    }
    let (from, to) = (clamped(start, from: 0), clamped(end, from: step > 0 ? 0 : -1))
    let (distance, stride) = step > 0 ? (to - from, step) : (from - to, -step)
    // A step beyond the array takes its first cell alone.
    let count = distance <= 0 ? 0 : (distance - 1) / stride + 1
    return (from, count <= 1 ? 1 : step, count)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try view(inputs).shape, type: try inputs.required(0).type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try inputs.required(0).gathered(try view(inputs.described))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let view = try view(pass.inputs.described)
    var gradient = Tensor(try pass.inputs.tensor(0).shape, repeating: 0)
    gradient.add(try pass.takeGradient(), through: view)
    return pass.only(gradient)
  }
}
