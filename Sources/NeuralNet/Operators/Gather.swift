public import Masks
public import TensorCore

/// The slices of x along `axis` that the int64 indices name, which may count from the end: shape
/// x[..<axis] + indices + x[axis+1...]. Any element type.
public struct Gather: TrainableOperator {
  public static let opType = "Gather"
  public static let schema = OperatorSchema(
    attributes: [.int("axis")],
    inputs: [.init([1: .firstTypes, 13: .all]), .init([.int32, .int64])])
  let axis: Int
  /// A table of rows, one for each word, is what an embedding learns.
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { axis == 0 ? [(0, nil)] : [] }
  public var parameters: [Target: Int] { axis == 0 ? [.embedding: 0] : [:] }

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: 0)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, indices) = (try inputs.required(0), try inputs.required(1))
    guard indices.type == .int64 else {
      throw TensorError("Gather", expected: "int64 indices", found: "\(indices.type)")
    }
    let axis = try x.shape.axis(axis, in: "Gather")
    let dims = x.shape.dims[..<axis] + indices.shape.dims + x.shape.dims[(axis + 1)...]
    return [ValueInfo(try Shape(computed: Array(dims), in: "Gather"), type: x.type)]
  }

  /// With a table of rows, one for each word, the indices' axes are followed by features; else those of
  /// the indices stand for the one they choose from, and a list of indices leaves it what it is.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let x = inputs.optional(0), let indices = inputs.optional(1),
      let axis = try? x.shape.axis(axis, in: "Gather")
    else { return .unknown(outputs) }
    let chosen = indices.shape.dims.indices.map { AxisRule.Origin.axes([.init(1, $0)]) }
    if axis == 0, x.shape.rank == 2, x.constant != nil, indices.constant == nil {
      return AxisRule(
        expects: chosen.count == 2 ? [1: [.sample, .token]] : [:],
        outputs: [chosen + [.named(.feature)]])
    }
    func own(_ axes: Range<Int>) -> [AxisRule.Origin] { axes.map { .axes([.init(0, $0)]) } }
    let middle = chosen.count == 1 ? own(axis..<axis + 1) : chosen
    return AxisRule(outputs: [own(0..<axis) + middle + own(axis + 1..<x.shape.rank)])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.required(0)
    let slices = try slices(of: x.shape, try inputs.integers(1))
    func taken<Element>(_ x: NDArray<Element>) -> NDArray<Element> {
      x.withElements { x in NDArray(shape, slices.flatMap { x[$0] }) }
    }
    switch x {
    case .float32(let x): return [.float32(taken(x))]
    case .int64(let x): return [.int64(taken(x))]
    case .bool(let x): return [.bool(taken(x))]
    // Names of classes, which are carried along.
    case .opaque(let type, _): return [.opaque(type, shape)]
    default:
      throw TensorError("Gather", expected: "numbers", found: x.type.rawValue)
    }
  }

  /// The offsets of each slice in x, in the result's order.
  private func slices(
    of x: Shape, _ indices: NDArray<Int64>
  ) throws(TensorError) -> [Range<Int>] {
    let axis = try x.axis(axis, in: "Gather")
    let (outer, size) = (x.dims[..<axis].reduce(1, *), x[axis])
    let inner = x.dims[(axis + 1)...].reduce(1, *)
    var starts: [Int] = []
    for index in indices.elements {
      guard (-Int64(size)..<Int64(size)).contains(index) else {
        throw TensorError(
          "Gather", expected: "indices from \(-size) to \(size - 1)", found: "\(index)")
      }
      starts.append(Int(index < 0 ? index + Int64(size) : index) * inner)
    }
    return (0..<outer).flatMap { row in
      starts.map { row * size * inner + $0..<row * size * inner + $0 + inner }
    }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    let slices = try slices(of: shape, try pass.inputs.integers(1))
    let g = try pass.takeGradient()
    var (gradient, from) = (Tensor(shape, repeating: 0), 0)
    for slice in slices {
      for at in slice {
        gradient[at] += g[from]
        from += 1
      }
    }
    return pass.only(gradient)
  }
}
