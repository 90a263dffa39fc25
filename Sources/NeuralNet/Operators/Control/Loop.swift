import Masks
public import TensorCore

/// A body again and again, at most M times and while its condition holds. The body reads the number of the
/// turn, the condition and the values carried from turn to turn; it makes the next condition, the next of
/// these values, and numbers that are stacked over the turns.
public struct Loop: BodyRunningOperator {
  public static let opType = "Loop"
  public static let schema = OperatorSchema(
    attributes: [.other("body", .graph, required: true)],
    inputs: [
      .init([1: .int64], optionalSince: 1), .init([1: .bool], optionalSince: 1),
      .init([1: .firstTypes, 16: .all]),
    ], repeatsInput: true, least: [11: 2], outputs: [1: .max])
  public let outer: OuterValues
  static let takesTurns = true
  var runs: [BodyRun]
  private var run: BodyRun { runs[0] }
  /// How many values are carried.
  private let carried: Int

  public init(_ node: NodeReader) throws(TensorError) {
    let run = try BodyRun(node, "body")
    runs = [run]
    outer = OuterValues(node)
    carried = max(0, outer.own - 2)
    let (reads, makes) = (run.body.inputs.count, run.own)
    guard reads == carried + 2, makes > carried else {
      throw TensorError(
        "Loop", expected: "a body of \(carried + 2) inputs and at least \(carried + 1) outputs",
        found: "\(reads) and \(makes)")
    }
  }

  /// The body makes the condition too.
  static func outputs(of body: Body) -> Int { body.graph.outputs.count - 1 }

  /// Carried values that the body leaves in their shape; how many turns are stacked, and so their shape,
  /// only a run can tell.
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let given = try given(inputs)
    let made = try run.outputs(given, outer.named(inputs), in: "Loop").own
    let first = Array(given[2...])
    let next = made[1..<carried + 1].map(\.uncomputed)
    guard next == first, made.count == carried + 1 else {
      throw TensorError(
        "Loop", expected: "a body that changes no shape and stacks nothing",
        found: "what only a run can tell")
    }
    return next
  }

  /// What is known of what the body is given.
  private func given(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(counterShape, type: .int64), ValueInfo([], type: .bool)]
      + (try (0..<carried).map { at throws(TensorError) in
        try inputs.required(at + 2).uncomputed
      })
  }

  /// As many turns as M says where it is a constant; else one.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let given = try? given(inputs) else { return 0 }
    var turns = 1
    if case .int64(let most)? = inputs.optional(0)?.constant?.computed, most.count == 1 {
      turns = max(0, Int(most[0]))
    }
    return run.multiplyAdds(given, outer.named(inputs)).saturatingMultiplied(by: turns)
  }

  /// What the turn's number is given as: some files have it in a list of one.
  private var counterShape: Shape { run.body.inputs[0].dims == [1] ? [1] : [] }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    var most = Int.max
    if let given = inputs.optional(0) {
      guard case .int64(let numbers) = given.computed, numbers.count == 1 else {
        throw TensorError("Loop", expected: "one int64 M", found: "\(given.type) \(given.shape)")
      }
      most = Int(clamping: numbers[0])
    }
    var condition = try inputs.optional(1)?.truth(in: "Loop") ?? true
    var values = try (0..<carried).map { at throws(TensorError) in try inputs.required(at + 2) }
    // What the body stacks itself, then what is seen inside it.
    let own = run.own - 1 - carried
    var stacks = [[Value]](repeating: [], count: own + run.extras)
    let outer = outer.named(inputs)
    let plan = try run.plan(context, in: "Loop")
    var (turn, work, bytes) = (0, 0, 0)
    while condition, turn < most {
      let number = Value.int64(NDArray(counterShape, [Int64(turn)]))
      let made = try run.run(
        plan, [number, .bool(NDArray([], [condition]))] + values, outer, context, turn: turn,
        work: &work, in: "Loop")
      condition = try made[0].truth(in: "Loop")
      values = Array(made[1..<carried + 1])
      for (at, value) in made[(carried + 1)...].enumerated() {
        stacks[at].append(value)
        bytes = bytes.saturatingAdding(value.bytes)
      }
      // What is stacked is held twice in the end.
      try MemoryBudget.reserve(bytes.saturatingMultiplied(by: 2), in: "Loop", for: "its turns")
      turn += 1
    }
    return values
      + (try stacks.enumerated().map { at, stack throws(TensorError) in
        guard at < own else { return try stack.overTurns(in: "Loop") }
        return stack.isEmpty
          ? try empty(carried + 1 + at, inputs) : try stack.stacked(along: 0, in: "Loop")
      })
  }

  /// A stack of no turns.
  private func empty(_ output: Int, _ inputs: Inputs<Value>) throws(TensorError) -> Value {
    let described = inputs.described
    let made = try run.outputs(given(described), outer.named(described), in: "Loop").own
    return try Value.zeros(Shape([0] + made[output].shape.dims), type: made[output].type)
  }
}

extension Value {
  /// Zeros, or false.
  /// - Throws: `TensorError` for a type that holds no numbers.
  fileprivate static func zeros(_ shape: Shape, type: ElementType) throws(TensorError) -> Value {
    switch type.computed {
    case .float32: try Value(.float32(Tensor(shape, repeating: 0)), as: type)
    case .int64: try Value(.int64(NDArray(shape, repeating: 0)), as: type)
    case .bool: .bool(NDArray(shape, repeating: false))
    default: throw TensorError("Loop", expected: "numbers", found: type.rawValue)
    }
  }
}
