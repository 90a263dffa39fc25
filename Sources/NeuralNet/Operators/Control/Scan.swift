import Masks
public import TensorCore

/// A body for each slice of its scanned inputs, in order or against it: it reads the state and the slices,
/// and makes the next state and numbers that are stacked. From operator set 9 on; before it batches came
/// first, with lengths of their own.
public struct Scan: BodyRunningOperator {
  public static let opType = "Scan"
  public static let schema = OperatorSchema(
    since: 8,
    attributes: [
      .other("body", .graph, required: true), .int("num_scan_inputs", required: true),
      .ints("directions", until: 8, in: 0...1), .ints("scan_input_axes", since: 9),
      .ints("scan_input_directions", since: 9, in: 0...1), .ints("scan_output_axes", since: 9),
      .ints("scan_output_directions", since: 9, in: 0...1),
    ],
    inputs: [
      .init([8: .int64, 9: .firstTypes, 16: .all], optionalSince: 8, requiredSince: 9),
      .init([8: .firstTypes, 16: .all]),
    ], repeatsInput: true, least: [8: 2, 9: 1], outputs: [1: .max])
  public let outer: OuterValues
  static let takesTurns = true
  var runs: [BodyRun]
  private var run: BodyRun { runs[0] }
  private let states: Int
  private let inputs: [(axis: Int, isReverse: Bool)]
  private let stacks: [(axis: Int, isReverse: Bool)]

  public init(_ node: NodeReader) throws(TensorError) {
    guard node.opset >= 9 else {
      throw TensorError("Scan", expected: "operator set 9 or later", found: "\(node.opset)")
    }
    let run = try BodyRun(node, "body")
    runs = [run]
    outer = OuterValues(node)
    let scanned = try node.int("num_scan_inputs", default: 0)
    guard scanned > 0, scanned <= outer.own else {
      throw TensorError("Scan", expected: "1 to \(outer.own) scanned inputs", found: "\(scanned)")
    }
    states = outer.own - scanned
    let made = run.own
    guard run.body.inputs.count == outer.own, made >= states else {
      throw TensorError(
        "Scan", expected: "a body of \(outer.own) inputs and at least \(states) outputs",
        found: "\(run.body.inputs.count) and \(made)")
    }
    func sides(_ word: String, _ count: Int) throws(TensorError) -> [(Int, Bool)] {
      let axes = try node.ints("scan_\(word)_axes") ?? Array(repeating: 0, count: count)
      let directions = try node.ints("scan_\(word)_directions") ?? Array(repeating: 0, count: count)
      guard axes.count == count, directions.count == count else {
        throw TensorError(
          "Scan", expected: "\(count) axes and directions of \(word)s",
          found: "\(axes.count) and \(directions.count)")
      }
      return zip(axes, directions).map { ($0, $1 == 1) }
    }
    inputs = try sides("input", scanned)
    stacks = try sides("output", made - states)
  }

  /// The axis that an input is scanned along, and the turns it gives.
  private func turns(_ shapes: [Shape]) throws(TensorError) -> (axes: [Int], count: Int) {
    let axes = try zip(shapes, inputs).map { shape, input throws(TensorError) in
      try shape.axis(input.axis, in: "Scan")
    }
    let counts = Set(zip(shapes, axes).map { $0[$1] })
    guard counts.count == 1, let count = counts.first else {
      throw TensorError("Scan", expected: "inputs of one length", found: "\(counts.sorted())")
    }
    return (axes, count)
  }

  /// What is known of what the body is given at each of how many turns.
  private func given(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (each: [ValueInfo], turns: Int) {
    let all = try (0..<outer.own).map { at throws(TensorError) in try inputs.required(at) }
    let (axes, count) = try turns(all[states...].map(\.shape))
    let slices = zip(all[states...], axes).map { info, axis -> ValueInfo in
      var dims = info.shape.dims
      dims.remove(at: axis)
      return ValueInfo(Shape(dims), type: info.type)
    }
    return (all[..<states].map(\.uncomputed) + slices, count)
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let (each, turns) = try? given(inputs) else { return 0 }
    return run.multiplyAdds(each, outer.named(inputs)).saturatingMultiplied(by: turns)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (given, count) = try given(inputs)
    let first = Array(given[..<states])
    let (made, shown) = try run.outputs(given, outer.named(inputs), in: "Scan")
    let next = made[..<states].map(\.uncomputed)
    guard next == first else {
      throw TensorError(
        "Scan", expected: "a body that leaves states in their shapes",
        found: "\(next.map(\.shape)) of \(first.map(\.shape))")
    }
    let stacked = try zip(made[states...], stacks).map { info, side throws(TensorError) in
      var dims = info.shape.dims
      let rank = dims.count + 1
      guard (-rank..<rank).contains(side.axis) else {
        throw TensorError("Scan", expected: "an axis of \(rank)", found: "\(side.axis)")
      }
      dims.insert(count, at: side.axis < 0 ? side.axis + rank : side.axis)
      return ValueInfo(try Shape(computed: dims, in: "Scan"), type: info.type)
    }
    let inside = try (shown ?? []).map { info throws(TensorError) in
      ValueInfo(try Shape(computed: [count] + info.shape.dims, in: "Scan"), type: info.type)
    }
    return next + stacked + inside
  }

  /// What slices are stacked along is time.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    var rule = axesOverTurns(outputs)
    for (output, side) in zip(outputs.indices.dropFirst(states), stacks) {
      let rank = outputs[output].shape.rank
      let axis = side.axis < 0 ? side.axis + rank : side.axis
      // One that is left out has no axes.
      guard rule.outputs[output].indices.contains(axis) else { continue }
      rule.outputs[output][axis] = .named(.time)
    }
    return rule
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let all = try (0..<outer.own).map { at throws(TensorError) in try inputs.required(at) }
    let (axes, count) = try turns(all[states...].map(\.shape))
    guard count > 0 || stacks.isEmpty else {
      throw TensorError("Scan", expected: "a slice or more to stack", found: "none")
    }
    let outer = outer.named(inputs)
    let plan = try run.plan(context, in: "Scan")
    var values = Array(all[..<states])
    // What the body stacks itself, then what is seen inside it.
    var made = [[Value]](repeating: [], count: stacks.count + run.extras)
    var (work, bytes) = (0, 0)
    for turn in 0..<count {
      let slices = zip(all[states...], zip(axes, self.inputs)).map { value, side in
        value.slice(side.1.isReverse ? count - 1 - turn : turn, along: side.0)
      }
      let results = try run.run(
        plan, values + slices, outer, context, turn: turn, work: &work, in: "Scan")
      values = Array(results[..<states])
      for (at, value) in results[states...].enumerated() {
        made[at].append(value)
        bytes = bytes.saturatingAdding(value.bytes)
      }
      try MemoryBudget.reserve(bytes.saturatingMultiplied(by: 2), in: "Scan", for: "its turns")
    }
    return values
      + (try zip(made, stacks).map { stack, side throws(TensorError) in
        try (side.isReverse ? stack.reversed() : stack).stacked(along: side.axis, in: "Scan")
      })
      + (try made.dropFirst(stacks.count).map { stack throws(TensorError) in
        try stack.overTurns(in: "Scan")
      })
  }
}
