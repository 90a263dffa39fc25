import Masks
public import TensorCore

/// x cut along `axis` into parts: of the sizes that attribute `split` (before opset 13) or input 1 lists,
/// else into equal ones, the last smaller where they do not come out even. Any element type.
public struct Split: AxisKeepingOperator {
  public static let opType = "Split"
  public static let schema = OperatorSchema(
    attributes: [
      .int("axis"), .int("num_outputs", since: 18, in: 1 ... .max),
      .ints("split", until: 12, in: 0 ... .max),
    ],
    inputs: [
      .init([1: .floats, 2: .firstTypes, 13: .all]),
      .init([1: .floats, 2: [], 13: .int64], optionalSince: 1),
    ], outputs: [1: .max])
  private let axis: Int
  private let attribute: [Int]?
  private let parts: Int
  private let isUneven: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
    attribute = try node.ints("split")
    parts = try node.int("num_outputs", default: node.node.outputs.count)
    isUneven = node.has("num_outputs")
    guard (1...1 << 20).contains(parts) else {
      throw TensorError("Split", expected: "1 part or more", found: "\(parts)")
    }
  }

  private func views(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [StridedView] {
    let shape = try inputs.required(0).shape
    let axis = try shape.axis(axis, in: "Split")
    let sizes = try sizes(inputs, of: shape[axis])
    guard sizes.allSatisfy({ (0...shape[axis]).contains($0) }),
      sizes.reduce(0, { $0.saturatingAdding($1) }) == shape[axis]
    else {
      throw TensorError(
        "Split", expected: "sizes that add up to \(shape[axis])", found: "\(sizes)")
    }
    var (views, start): ([StridedView], Int) = ([], 0)
    for size in sizes {
      var dims = shape.dims
      dims[axis] = size
      let offset = dims.contains(0) ? 0 : start * shape.strides[axis]
      views.append(StridedView(Shape(dims), offset: offset, strides: shape.strides))
      start += size
    }
    return views
  }

  private func sizes(_ inputs: Inputs<ValueInfo>, of size: Int) throws(TensorError) -> [Int] {
    if let attribute { return attribute }
    if inputs.optional(1) != nil { return try inputs.integers(1) }
    guard isUneven || size % parts == 0 else {
      throw TensorError("Split", expected: "\(parts) equal parts", found: "\(size)")
    }
    let each = size / parts + (size % parts == 0 ? 0 : 1)
    var rest = size
    return (0..<parts).map { _ in
      let part = min(each, rest)
      rest -= part
      return part
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let type = try inputs.required(0).type
    return try views(inputs).map { ValueInfo($0.shape, type: type) }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    return try views(inputs.described).map { x.gathered($0) }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    var gradient = Tensor(try pass.inputs.tensor(0).shape, repeating: 0)
    for (view, part) in zip(try views(pass.inputs.described), pass.gradients) {
      if let part { gradient.add(part, through: view) }
    }
    return pass.only(gradient)
  }
}
