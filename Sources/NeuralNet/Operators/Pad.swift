import Masks
public import TensorCore

/// x of any element type with cells added before and after each axis, or taken away where a pad is
/// negative: `mode` constant (attribute `value` or input 2, by default 0), reflect, edge or wrap.
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
  private func picks(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> [(axis: Int, pick: AxisPick)] {
    let shape = try inputs.required(0).shape
    let pads: [Int]
    if let attribute { pads = attribute } else { pads = try inputs.integers(1) }
    let given = try inputs.optional(3) == nil ? nil : inputs.integers(3)
    let axes = given ?? Array(0..<shape.rank)
    guard pads.count == 2 * axes.count,
      pads.allSatisfy({ abs(Double($0)) <= Double(Shape.computedLimit) })
    else {
      throw TensorError("Pad", expected: "\(2 * axes.count) pads for \(shape)", found: "\(pads)")
    }
    var picks: [Int: AxisPick] = [:]
    for (index, axis) in axes.enumerated() {
      let axis = try shape.axis(axis, in: "Pad")
      let (before, after) = (pads[index], pads[axes.count + index])
      picks[axis] =
        before == 0 && after == 0 ? nil : try pick(shape[axis], before: before, after: after)
    }
    return picks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func pick(_ size: Int, before: Int, after: Int) throws(TensorError) -> AxisPick {
    guard size <= Shape.computedLimit, size + before + after >= 0,
      size > 0 || mode == .constant || before + after <= 0
    else {
      throw TensorError(
        "Pad", expected: "pads that leave 0 cells or more",
        found: "\(size) with \(before), \(after)"
      )
    }
    return AxisPick(count: size + before + after) { index in
      let cell = index - before
      if (0..<size).contains(cell) { return cell }
      switch mode {
      case .constant: return nil
      case .edge: return min(max(cell, 0), size - 1)
      case .wrap: return Pad.modulo(cell, size)
      case .reflect:
        // There and back again, without the ends twice.
        let period = max(1, 2 * (size - 1))
        let inside = Pad.modulo(cell, period)
        return min(inside, period - inside, size - 1)
      }
    }
  }

  private static func modulo(_ cell: Int, _ period: Int) -> Int {
    let rest = cell % period
    return rest < 0 ? rest + period : rest
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    if let fill = inputs.optional(2), fill.shape.count != 1 || fill.type != x.type {
      throw TensorError(
        "Pad", expected: "one \(x.type) for input 2", found: "\(fill.type) \(fill.shape)")
    }
    var dims = x.shape.dims
    for (axis, pick) in try picks(inputs) { dims[axis] = pick.count }
    return [ValueInfo(try Shape(computed: dims, in: "Pad"), type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let picks = try picks(inputs.described)
    func padded<Element: BitwiseCopyable>(
      _ x: NDArray<Element>, _ fill: Element
    ) -> NDArray<Element> {
      picks.reduce(x) { $0.picked($1.pick, axis: $1.axis, fill: fill) }
    }
    switch (try inputs.required(0), inputs.optional(2)) {
    case (.int64(let x), .int64(let fill)?): return [.int64(padded(x, fill[0]))]
    case (.int64(let x), _): return [.int64(padded(x, 0))]
    case (.bool(let x), .bool(let fill)?): return [.bool(padded(x, fill[0]))]
    case (.bool(let x), _): return [.bool(padded(x, false))]
    default:
      let fill = try inputs.optionalTensor(2)?[0] ?? value
      return [.float32(padded(try inputs.tensor(0), fill))]
    }
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    let maps = try picks(pass.inputs.described).map { (axis: $0.axis, map: $0.pick.map) }
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
