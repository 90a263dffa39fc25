import Masks
public import TensorCore

/// x with more cells along its axes, nearest or linear: what came before Resize, and is as Resize was in
/// opset 10. Scales are attributes before opset 9, input 1 since.
public struct Upsample: Operator {
  public static let opType = "Upsample"
  public static let schema = OperatorSchema(
    attributes: [
      .float("height_scale", until: 6, required: true),
      .string("mode"),
      .other("scales", .floats, since: 7, until: 8, required: true),
      .float("width_scale", until: 6, required: true),
    ],
    inputs: [.init([1: [.floats, .int32, .int64, .bool], 7: .firstTypes]), .init([9: .float32])])
  private let resize: Resize
  private let scales: [Float]?

  public init(_ node: NodeReader) throws(TensorError) {
    let mode = try node.string("mode", default: "nearest")
    guard ["nearest", "linear", "bilinear"].contains(mode) else {
      throw TensorError("Upsample mode", expected: "nearest or linear", found: mode)
    }
    let own = Node(
      Resize.opType, inputs: ["x", "scales"], outputs: ["y"],
      attributes: ["mode": .string(mode == "nearest" ? mode : "linear")])
    resize = try Resize(NodeReader(own, opset: 10))
    if node.opset < 7 {
      let height = try node.float("height_scale", default: 0)
      scales = [1, 1, height, try node.float("width_scale", default: 0)]
    } else if node.opset < 9 {
      scales = try node.floats("scales") ?? []
    } else {
      scales = nil
    }
  }

  private func scale<Item>(
    _ inputs: Inputs<Item>, _ make: (Value) -> Item
  ) throws(TensorError) -> Inputs<Item> {
    guard let scales else {
      return Inputs("Upsample", [try inputs.required(0), try inputs.required(1)])
    }
    let given = make(.float32(Tensor([scales.count], scales)))
    return Inputs("Upsample", [try inputs.required(0), given])
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let scaled = try scale(inputs, ValueInfo.init(constant:))
    guard scaled.optional(1)?.shape.count == (try inputs.tensor(0).rank) else {
      throw TensorError(
        "Upsample", expected: "a scale for each axis", found: "\(scaled.optional(1)?.shape ?? [])")
    }
    return try resize.outputs(for: scaled)
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let scaled = try? scale(inputs, ValueInfo.init(constant:)) else {
      return .unknown(outputs)
    }
    return resize.axes(of: scaled, outputs: outputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    return try resize.forward(try scale(inputs) { $0 }, context)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let none = pass.none
    let own = BackwardPass(
      inputs: try scale(pass.inputs) { $0 }, outputs: pass.outputs, gradients: pass.gradients,
      wanted: [0])
    return [try resize.backward(own)[0]] + none.dropFirst()
  }
}
