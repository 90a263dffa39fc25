import Masks
public import TensorCore

/// x with cells added before and after each axis, or taken away where a pad is negative: `mode` constant
/// (attribute `value` or input 2, by default 0), reflect, edge or wrap.
public struct Pad: AxisKeepingOperator {
  public static let opType = "Pad"
  public static let schema = OperatorSchema(
    attributes: [
      .string("mode", until: 18, of: ["constant", "reflect", "edge"]),
      .string("mode", since: 19, of: ["constant", "reflect", "edge", "wrap"]),
      .ints("paddings", until: 1, required: true),
      .ints("pads", since: 2, until: 10, required: true), .float("value", until: 10),
    ],
    inputs: [
      .init([1: .floats, 11: [.floats, .integers], 13: .all]), .init([11: .int64]),
      .init([11: [.floats, .integers], 13: .all], optionalSince: 11),
      .init([18: [.int32, .int64]], optionalSince: 18),
    ])
  private let mode: Mode
  private let attribute: [Int]?
  private let value: Float

  private enum Mode: String {
    case constant, reflect, edge, wrap
  }

  public init(_ node: NodeReader) throws(TensorError) {
    let name = try node.string("mode", default: "constant")
    guard let mode = Mode(rawValue: name) else {
      throw TensorError("Pad mode", expected: "constant, reflect, edge or wrap", found: name)
    }
    self.mode = mode
    attribute = try node.ints(node.opset < 2 ? "paddings" : "pads")
    value = try node.float("value", default: 0)
  }

  /// What becomes of the axes that change, in their order.
  private func maps(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> [(axis: Int, map: AxisMap)] {
    let shape = try inputs.tensor(0)
    let pads: [Int]
    if let attribute { pads = attribute } else { pads = try inputs.integers(1) }
    let given = try inputs.optional(3) == nil ? nil : inputs.integers(3)
    let axes = given ?? Array(0..<shape.rank)
    guard pads.count == 2 * axes.count,
      pads.allSatisfy({ abs(Double($0)) <= Double(Shape.computedLimit) })
    else {
      throw TensorError("Pad", expected: "\(2 * axes.count) pads for \(shape)", found: "\(pads)")
    }
    var maps: [Int: AxisMap] = [:]
    for (index, axis) in axes.enumerated() {
      let axis = try shape.axis(axis, in: "Pad")
      let (before, after) = (pads[index], pads[axes.count + index])
      maps[axis] =
        before == 0 && after == 0 ? nil : try map(shape[axis], before: before, after: after)
    }
    return maps.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func map(_ size: Int, before: Int, after: Int) throws(TensorError) -> AxisMap {
    guard size <= Shape.computedLimit, size + before + after >= 0,
      size > 0 || mode == .constant || before + after <= 0
    else {
      throw TensorError(
        "Pad", expected: "pads that leave 0 cells or more",
        found: "\(size) with \(before), \(after)"
      )
    }
    return AxisMap(count: size + before + after) { index in
      let cell = index - before
      if (0..<size).contains(cell) { return [.init(cell)] }
      switch mode {
      case .constant: return []
      case .edge: return [.init(min(max(cell, 0), size - 1))]
      case .wrap: return [.init(Pad.modulo(cell, size))]
      case .reflect:
        // There and back again, without the ends twice.
        let period = max(1, 2 * (size - 1))
        let inside = Pad.modulo(cell, period)
        return [.init(min(inside, period - inside, size - 1))]
      }
    }
  }

  private static func modulo(_ cell: Int, _ period: Int) -> Int {
    let rest = cell % period
    return rest < 0 ? rest + period : rest
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    if inputs.optional(2) != nil, try inputs.tensor(2).count != 1 {
      throw TensorError("Pad", expected: "one number for input 2", found: "\(try inputs.tensor(2))")
    }
    var dims = try inputs.tensor(0).dims
    for (axis, map) in try maps(inputs) { dims[axis] = map.count }
    return [ValueInfo(try Shape(computed: dims, in: "Pad"))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    var x = try inputs.tensor(0)
    let fill = try inputs.optionalTensor(2)?[0] ?? value
    for (axis, map) in try maps(inputs.described) {
      x = x.mapped(map, axis: axis, fill: fill)
    }
    return [.float32(x)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    let maps = try maps(pass.inputs.described)
    let shape = try pass.inputs.tensor(0).shape
    var all = pass.none
    var g = try pass.takeGradient()
    if pass.wants(2) {
      // Ones where the value stands.
      var filled = Tensor(shape, repeating: 0)
      for (axis, map) in maps { filled = filled.mapped(map, axis: axis, fill: 1) }
      filled.changeChunks(reading: g) { filled, g in
        for i in g.indices { filled[i] *= g[i] }
      }
      let value = try pass.inputs.tensor(2)
      all[2] = try Reduction.sum(filled, to: [], in: "Pad").reshaped(to: value.shape)
    }
    guard pass.wants(0) else { return all }
    for (axis, map) in maps.reversed() {
      g = g.unmapped(map, axis: axis, size: shape[axis])
    }
    all[0] = g
    return all
  }
}
