import Masks
public import TensorCore

/// For each index a row along `axis` of as many numbers as input 1 says, the second of input 2 at the
/// place of the index, from the end for one below 0, and the first elsewhere, everywhere where there is
/// no such place. The result is of input 2's type.
public struct OneHot: Operator {
  public static let opType = "OneHot"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .int("axis", since: 9)
    ],
    inputs: [.init([.floats, .integers]), .init([.floats, .integers]), .init(.firstTypes)])
  public static let typedOutputs = 0
  private let axis: Int

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -1)
  }

  private func depth(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Int {
    let info = try inputs.required(1)
    guard info.shape.count == 1 else {
      throw TensorError("OneHot", expected: "one depth", found: "\(info.shape)")
    }
    switch info.constant {
    case .int64(let x)?: return Int(x[0])
    case .float32(let x)?: return Int(Int64(towardZero: Double(x[0])))
    default:
      throw TensorError(
        "OneHot", expected: "input 1 to be a constant number", found: "\(info.type)")
    }
  }

  /// The result's shape, and the axis of the rows in it.
  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> (shape: Shape, axis: Int)
  {
    let (indices, values) = (try inputs.required(0), try inputs.required(2))
    guard indices.type == .float32 || indices.type == .int64, values.shape.dims == [2],
      values.type.computed != nil
    else {
      throw TensorError(
        "OneHot", expected: "numbers for indices and two values",
        found: "\(indices.type) and \(values.type) \(values.shape)")
    }
    var dims = indices.shape.dims
    let own = axis < 0 ? axis + dims.count + 1 : axis
    guard (0...dims.count).contains(own) else {
      throw TensorError("OneHot", expected: "an axis of \(dims.count + 1)", found: "\(axis)")
    }
    dims.insert(try depth(inputs), at: own)
    return (try Shape(computed: dims, in: "OneHot"), own)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try layout(inputs).shape, type: inputs.type(2) ?? .float32)]
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let own = try? layout(inputs).axis, let rank = inputs.optional(0)?.shape.rank else {
      return .unknown(outputs)
    }
    var origins = (0..<rank).map { AxisRule.Origin.axes([.init(0, $0)]) }
    origins.insert(.unknown, at: own)
    return AxisRule(outputs: [origins])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (shape, axis) = try layout(inputs.described)
    let places: [Int?]
    switch try inputs.required(0) {
    case .int64(let x): places = x.elements.map { Int($0) }
    case .float32(let x):
      places = x.elements.map { $0.isNaN ? nil : Int(Int64(towardZero: Double($0))) }
    case let x: throw TensorError("OneHot", expected: "numbers", found: "\(x.type)")
    }
    let (size, inner) = (shape[axis], shape.dims[(axis + 1)...].reduce(1, *))
    let choices = (0..<shape.count).map { offset in
      let place = places[offset / (size * inner) * inner + offset % inner]
      let row = offset / inner % size
      return place == row || place == row - size ? 1 : 0
    }
    let values = try inputs.required(2).taken(choices, as: shape)
    return [try Value(values, as: inputs.type(2) ?? values.type)]
  }

  /// An offset for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.bytes(of: MemoryLayout<Int>.stride)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(2) else { return pass.none }
    let (y, values) = (try pass.output(0), try pass.inputs.tensor(2))
    let marks = Inputs<Value>(
      "OneHot",
      [pass.inputs.optional(0), pass.inputs.optional(1), .bool(NDArray([2], [false, true]))])
    guard case .bool(let isOn)? = try forward(marks, RunContext()).first else { return pass.none }
    let g = try pass.takeGradient()
    var gradient = Tensor(values.shape, repeating: 0)
    for i in 0..<y.count { gradient[isOn[i] ? 1 : 0] += g[i] }
    var all = pass.none
    all[2] = gradient
    return all
  }
}
