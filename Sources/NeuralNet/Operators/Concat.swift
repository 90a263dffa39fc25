import Masks
public import TensorCore

/// All inputs one after another along `axis`; any element type.
public struct Concat: Operator {
  public static let opType = "Concat"
  public static let schema = OperatorSchema(
    attributes: [.int("axis", until: 3), .int("axis", since: 4, required: true)],
    inputs: [.init([1: .floats, 4: .firstTypes, 13: .all])], repeatsInput: true)
  public static let role = OperatorRole.merge
  let axis: Int

  public init(_ node: NodeReader) throws(TensorError) {
    guard node.has("axis") || node.opset < 4 else {
      throw TensorError("Concat", expected: "attribute axis", found: "none")
    }
    axis = try node.int("axis", default: 1)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let all = try inputs.all()
    let shape = try concatenatedShape(all.map(\.shape), axis: axis, in: "Concat")
    guard all.allSatisfy({ $0.type == all[0].type }) else {
      throw TensorError(
        "Concat", expected: "one element type", found: "\(all.map(\.type.rawValue))")
    }
    return [ValueInfo(shape, type: all[0].type)]
  }

  /// Also the axis along which they stand.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.map { output in
        output.shape.dims.indices.map { axis in
          .axes((0..<inputs.count).map { AxisRule.Place($0, axis) })
        }
      })
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try Value.concatenated(try inputs.all(), axis: axis, in: "Concat")]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let g = try pass.takeGradient()
    let axis = try g.shape.axis(axis, in: "Concat")
    var (all, start) = (pass.none, 0)
    for index in all.indices {
      let shape = try pass.inputs.required(index).shape
      if pass.wants(index) {
        let offset = start * g.shape.strides[axis]
        all[index] = g.gathered(StridedView(shape, offset: offset, strides: g.shape.strides))
      }
      start += shape[axis]
    }
    return all
  }
}
