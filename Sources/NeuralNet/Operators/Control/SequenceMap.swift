import Masks
public import TensorCore

/// A body for each array of a sequence, whose results are sequences: further inputs are sequences of the same
/// length, of which each turn takes one array, or arrays that all turns take.
public struct SequenceMap: BodyRunningOperator {
  public static let opType = "SequenceMap"
  public static let schema = OperatorSchema(
    since: 17, attributes: [.other("body", .graph, required: true)],
    inputs: [.init([17: .sequence]), .init([17: .firstTypes])], repeatsInput: true, least: [17: 1],
    outputs: [17: .max])
  public let outer: OuterValues
  static let takesTurns = true
  var runs: [BodyRun]
  private var run: BodyRun { runs[0] }

  public init(_ node: NodeReader) throws(TensorError) {
    let run = try BodyRun(node, "body")
    runs = [run]
    outer = OuterValues(node)
    guard run.body.inputs.count == outer.own, run.own > 0 else {
      throw TensorError(
        Self.opType, expected: "a body of \(outer.own) inputs and an output or more",
        found: "\(run.body.inputs.count) and \(run.own)")
    }
  }

  /// What each turn is given.
  /// - Throws: `TensorError` where sequences are of different lengths.
  private func turns<Item>(
    _ inputs: Inputs<Item>, _ first: [Item], _ elements: (Item) -> [Item]?
  ) throws(TensorError) -> [[Item]] {
    let given = try (0..<outer.own).map { at throws(TensorError) in try inputs.required(at) }
    let parts = given.map(elements)
    if let other = parts.compactMap({ $0 }).first(where: { $0.count != first.count }) {
      throw TensorError(
        Self.opType, expected: "sequences of \(first.count)", found: "one of \(other.count)")
    }
    return first.indices.map { turn in zip(given, parts).map { $1?[turn] ?? $0 } }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let named = outer.named(inputs)
    let turns = try turns(inputs, try inputs.sequence(0), \.elements)
    let made = try turns.map { own throws(TensorError) in
      try run.outputs(own.map(\.uncomputed), named, in: Self.opType).own
    }
    return (0..<run.own).map { output in
      ValueInfo(sequence: made.map { $0[output].uncomputed })
    }
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let named = outer.named(inputs)
    let turns = try? turns(inputs, inputs.sequence(0), \.elements)
    return (turns ?? []).reduce(0) {
      $0.saturatingAdding(run.multiplyAdds($1.map(\.uncomputed), named))
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let named = outer.named(inputs)
    let turns = try turns(inputs, try inputs.sequence(0)) { value in
      if case .sequence(let values) = value { values } else { nil }
    }
    let plan = try run.plan(context, in: Self.opType)
    var (work, made) = (0, [[Value]]())
    for (turn, own) in turns.enumerated() {
      made.append(
        try run.run(plan, own, named, context, turn: turn, work: &work, in: Self.opType))
    }
    return (0..<run.own).map { output in .sequence(made.map { $0[output] }) }
      + (try (run.own..<run.own + run.extras).map { extra throws(TensorError) in
        try made.map { $0[extra] }.overTurns(in: Self.opType)
      })
  }
}
