import Masks
import Synchronization
import TensorCore

/// An operator that runs the bodies of its node by plans of their own; see `BodyRun.run`.
protocol BodyRunningOperator: OpenableOperator {
  /// The bodies, in the order of their names.
  var runs: [BodyRun] { get set }
}

extension BodyRunningOperator {
  func placing(_ placements: [(body: String, placement: Placement)]) -> Self {
    var own = self
    for index in own.runs.indices {
      let name = own.runs[index].name
      own.runs[index].placements = placements.filter { $0.body == name }.map(\.placement)
    }
    return own
  }

  /// Nothing is known of the axes of results; of what is shown over turns the first ones are times.
  func axesOverTurns(_ outputs: [ValueInfo]) -> AxisRule {
    var rule = AxisRule.unknown(outputs)
    let turns = runs.flatMap { run in run.shown.map(\.turns) }
    for (output, turns) in zip(outputs.indices.dropFirst(runs[0].own), turns) {
      for axis in rule.outputs[output].indices.prefix(turns) {
        rule.outputs[output][axis] = .named(.time)
      }
    }
    return rule
  }
}

/// A body made ready: its shape rule, and the plan that is run.
struct BodyRun: Sendable {
  /// What its node calls it.
  let name: String
  /// The body; behind its own outputs it has what is shown of it.
  let body: Body
  /// What is shown of it.
  let shown: [InnerValue]
  /// Dropouts inside it.
  var placements: [Placement] = []
  private let network: Network
  private let plan: Result<Plan, GraphError>
  private let memory = BodyMemory()
  /// Work that a turn counts beside that of its nodes, so that turns without any come to an end too.
  private static let workOfTurn = 100_000

  /// A body of which nothing is shown.
  init(_ body: Body) { self.init(body, named: "", showing: []) }

  /// A body that a node has as an attribute.
  /// - Throws: `TensorError` where it has none, or what is to be shown is not in it.
  init(_ node: NodeReader, _ name: String) throws(TensorError) {
    try self.init(try node.body(name), named: name, of: node)
  }

  /// A body of a node.
  /// - Throws: `TensorError` where what is to be shown is not in it.
  init(_ body: Body, named name: String, of node: NodeReader) throws(TensorError) {
    let shown = node.node.shown.filter { $0.body == name }
    do {
      self.init(try body.showing(shown.map(\.value)), named: name, showing: shown)
    } catch {
      throw TensorError(node.node.opType, expected: "values inside it", found: "\(error)")
    }
  }

  private init(_ body: Body, named name: String, showing shown: [InnerValue]) {
    (self.body, self.name, self.shown) = (body, name, shown)
    let network = Network(body.graph)
    self.network = network
    plan = Result { () throws(GraphError) in try Plan(network, wanted: body.graph.outputs) }
  }

  /// How many outputs the body has of its own.
  var own: Int { body.graph.outputs.count - shown.count }
  /// How many results `run` gives behind them.
  var extras: Int { shown.count + 2 * placements.count }

  /// What the body does at last, before types and shapes are changed.
  var role: OperatorRole {
    var value = body.graph.outputs.first
    while let name = value, let index = body.graph.producerIndex(of: name) {
      let role = network.role(of: index)
      guard role == .other || role == .reshape else { return role }
      value = body.graph.nodes[index].inputs.first
    }
    return .other
  }

  /// What the outputs will be, and what is shown; nil where that is only known in a run.
  /// - Parameters:
  ///   - own: what is known of the body's own inputs
  ///   - outer: what is known of the values around it
  /// - Throws: `TensorError` where the outputs cannot be worked out.
  func outputs(
    _ own: [ValueInfo], _ outer: [String: ValueInfo], in opType: String
  ) throws(TensorError) -> (own: [ValueInfo], shown: [ValueInfo]?) {
    let signature = signature(own, outer)
    let made = try body.graph.outputs.prefix(self.own).map { name throws(TensorError) in
      guard let info = signature.values[name] else {
        throw TensorError(
          opType, expected: "a body whose shapes are known",
          found: signature.errors.first?.description ?? "no shape of \(name)")
      }
      return info
    }
    let inside = body.graph.outputs.suffix(shown.count).compactMap { signature.values[$0] }
    return (made, inside.count == shown.count ? inside.map(\.uncomputed) : nil)
  }

  /// Multiply-adds of one turn, as far as shapes are known.
  func multiplyAdds(_ own: [ValueInfo], _ outer: [String: ValueInfo]) -> Int {
    signature(own, outer).multiplyAdds.reduce(0) { $0.saturatingAdding($1) }
  }

  private func signature(
    _ own: [ValueInfo], _ outer: [String: ValueInfo]
  ) -> Network.Signature {
    var known = outer
    for (input, info) in zip(body.inputs, own) { known[input.name] = info }
    return memory.signature(knowing: known, of: network)
  }

  /// The body as a mode of the run has it.
  /// - Throws: `TensorError` where it cannot be computed.
  func plan(_ context: RunContext, in opType: String) throws(TensorError) -> Plan {
    do throws(GraphError) {
      // At evaluation dropout has no step at all; what it takes in training is made for each run.
      return context.mode == .eval && placements.isEmpty
        ? try plan.get()
        : try Plan(
          network, wanted: body.graph.outputs, placements: placements, context: context)
    } catch {
      throw BodyRun.failed(error, in: opType)
    }
  }

  /// What went wrong inside, in the words of the node; what goes beyond a budget there does so here.
  private static func failed(_ error: GraphError, in opType: String) -> TensorError {
    var failed = TensorError(
      opType, expected: "a body that can be computed", found: "\(error)")
    failed.exceedsBudget = error.exceedsBudget
    return failed
  }

  /// Runs the body once.
  /// - Parameters:
  ///   - plan: what `plan(_:in:)` gave, once for all turns
  ///   - own: the body's own inputs
  ///   - outer: the values around it that it reads
  ///   - turn: which of several runs it is: random numbers are drawn anew in each; nil where there is one
  ///   - work: what the runs have taken until now
  /// - Returns: the body's own outputs, what is shown of it, and two values for each dropout inside: what was
  ///   kept, and the noise. A value that is not there is `absent`.
  /// - Throws: `TensorError` with what went wrong inside.
  func run(
    _ plan: Plan, _ own: [Value], _ outer: [String: Value], _ context: RunContext,
    turn: Int? = nil, work: inout Int, in opType: String
  ) throws(TensorError) -> [Value] {
    try WorkBudget.count(BodyRun.workOfTurn, on: &work, in: opType, for: "a turn of its body")
    var context = context
    if let turn {
      context.stream = context.stream.ofTurn(turn)
      context.turns.append(turn)
    }
    do throws(GraphError) {
      let (made, masks) = try plan.results(
        own + body.reads.compactMap { outer[$0] }, of: body, context, work: &work)
      return made
        + placements.flatMap { placement -> [Value] in
          guard let mask = masks[placement.site] else { return [.absent, .absent] }
          return [.bool(mask.kept), mask.noise.map { .float32($0) } ?? .absent]
        }
    } catch {
      throw BodyRun.failed(error, in: opType)
    }
  }
}

/// What is known of a body for what was known last of the values it reads: shapes and costs are asked for one
/// after the other, and bodies within bodies would be gone through twice as often at every step down.
private final class BodyMemory: Sendable {
  private let last = Mutex<(known: [String: ValueInfo], signature: Network.Signature)?>(nil)

  func signature(knowing known: [String: ValueInfo], of network: Network) -> Network.Signature {
    if let last = last.withLock({ $0 }), last.known == known { return last.signature }
    let signature = network.signature(knowing: known)
    last.withLock { $0 = (known, signature) }
    return signature
  }
}

extension Plan {
  /// The outputs of a body for values of its inputs and of what it reads, whatever their types and shapes, and
  /// the masks by site.
  fileprivate func results(
    _ given: [Value], of body: Body, _ context: RunContext, work: inout Int
  ) throws(GraphError) -> (made: [Value], masks: [String: Mask]) {
    let names = body.graph.inputs.map(\.name)
    var values = start
    guard given.count == names.count else {
      throw GraphError("expected \(names.count) values for a body, found \(given.count)")
    }
    for (name, value) in zip(names, given) {
      if let slot = inputSlot(name) { values[slot] = value }
    }
    var masks: [String: Mask] = [:]
    for index in steps.indices {
      let made = try perform(index, &values, context, work: &work)
      for (site, mask) in try self.masks(of: index, made) { masks[site] = mask }
      for slot in steps[index].lastReads { values[slot] = nil }
    }
    let slots = Dictionary(wanted.map { ($0.name, $0.slot) }) { first, _ in first }
    let made = try body.graph.outputs.map { name throws(GraphError) in
      guard let made = slots[name].flatMap({ values[$0] }) else {
        throw GraphError("no value \(name) in the body")
      }
      return made
    }
    return (made, masks)
  }
}

extension [Value] {
  /// Values of one type and shape stacked along a new axis.
  /// - Throws: `TensorError` where they are not.
  func stacked(along axis: Int, in opType: String) throws(TensorError) -> Value {
    guard let first else { throw TensorError(opType, expected: "values to stack", found: "none") }
    let rank = first.shape.rank + 1
    guard (-rank..<rank).contains(axis) else {
      throw TensorError(opType, expected: "an axis of \(rank)", found: "\(axis)")
    }
    guard allSatisfy({ $0.shape == first.shape && $0.type == first.type }) else {
      throw TensorError(
        opType, expected: "\(first.type) \(first.shape) at each turn",
        found: map { "\($0.type) \($0.shape)" }.first { $0 != "\(first.type) \(first.shape)" } ?? ""
      )
    }
    var dims = first.shape.dims
    let place = axis < 0 ? axis + rank : axis
    dims.insert(1, at: place)
    let parts = try map { value throws(TensorError) in
      try value.computed.reshaped(to: Shape(dims))
    }
    return try Value(
      Value.concatenated(parts, axis: place, in: opType), as: first.type)
  }
}

extension [Value] {
  /// What was seen inside at each turn, stacked along a new first axis; absent where there was no turn, or not
  /// an array of one type and shape at each.
  func overTurns(in opType: String) throws(TensorError) -> Value {
    guard let first, first.type.computed != nil,
      allSatisfy({ $0.type == first.type && $0.shape == first.shape })
    else { return .absent }
    return try stacked(along: 0, in: opType)
  }
}

extension Value {
  /// The slice at a place of an axis, without that axis.
  func slice(_ index: Int, along axis: Int) -> Value {
    let dims = shape.dims.enumerated().filter { $0.offset != axis }.map(\.element)
    let strides = shape.strides.enumerated().filter { $0.offset != axis }.map(\.element)
    return gathered(
      StridedView(Shape(dims), offset: index * shape.strides[axis], strides: strides))
  }

  /// The one truth that it is.
  func truth(in opType: String) throws(TensorError) -> Bool {
    guard case .bool(let truths) = computed, truths.count == 1 else {
      throw TensorError(opType, expected: "one truth as condition", found: "\(type) \(shape)")
    }
    return truths[0]
  }
}
