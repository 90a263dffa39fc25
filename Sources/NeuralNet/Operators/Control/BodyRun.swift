import Masks
public import TensorCore

/// An operator that runs bodies: behind its inputs it is handed the values around it that they read, in the
/// order of `Node.bodyReads`, all in the types they have in the graph.
public protocol BodyOperator: WholeValueOperator, AxisFreeOperator {
  /// How many inputs the node has of its own, and what its bodies call what they read besides.
  var outer: OuterValues { get }
}

/// What stands behind a node's own inputs.
public struct OuterValues: Sendable {
  /// How many inputs are the node's own.
  let own: Int
  private let names: [String]

  init(_ node: NodeReader) { (own, names) = (node.node.inputs.count, node.node.bodyNames) }

  /// What bodies read, by name.
  func named<Item>(_ inputs: Inputs<Item>) -> [String: Item] {
    var named: [String: Item] = [:]
    for (place, name) in names.enumerated() { named[name] = inputs.optional(own + place) }
    return named
  }
}

extension BodyOperator {
  public static var reading: OperatorReading { .wholeValuesAndBodies }

  /// What bodies take is asked for step by step.
  public func price(_ inputs: Inputs<Value>) -> Price { Price(bytes: 0) }
}

/// A body made ready: its shape rule, and the plan that is run.
struct BodyRun: Sendable {
  let body: Body
  private let network: Network
  private let plan: Result<Plan, GraphError>
  /// Work that a turn counts beside that of its nodes, so that turns without any come to an end too.
  private static let workOfTurn = 100_000

  init(_ body: Body) {
    self.body = body
    let network = Network(body.graph)
    self.network = network
    plan = Result { () throws(GraphError) in try Plan(network, wanted: body.graph.outputs) }
  }

  /// What the outputs will be.
  /// - Parameters:
  ///   - own: what is known of the body's own inputs
  ///   - outer: what is known of the values around it
  /// - Throws: `TensorError` where they cannot be worked out.
  func outputs(
    _ own: [ValueInfo], _ outer: [String: ValueInfo], in opType: String
  ) throws(TensorError) -> [ValueInfo] {
    var known = outer
    for (input, info) in zip(body.inputs, own) { known[input.name] = info }
    let signature = network.signature(knowing: known)
    return try body.graph.outputs.map { name throws(TensorError) in
      guard let info = signature.values[name] else {
        throw TensorError(
          opType, expected: "a body whose shapes are known",
          found: signature.errors.first?.description ?? "no shape of \(name)")
      }
      return info
    }
  }

  /// The body as a mode of the run has it.
  /// - Throws: `TensorError` where it cannot be computed.
  func plan(_ context: RunContext, in opType: String) throws(TensorError) -> Plan {
    do throws(GraphError) {
      // At evaluation dropout has no step at all; what it takes in training is made for each run.
      return context.mode == .eval
        ? try plan.get() : try Plan(network, wanted: body.graph.outputs, context: context)
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
  ///   - turn: which of several runs it is: random numbers are drawn anew in each
  ///   - work: what the runs have taken until now
  /// - Throws: `TensorError` with what went wrong inside.
  func run(
    _ plan: Plan, _ own: [Value], _ outer: [String: Value], _ context: RunContext, turn: Int = 0,
    work: inout Int, in opType: String
  ) throws(TensorError) -> [Value] {
    try WorkBudget.count(BodyRun.workOfTurn, on: &work, in: opType, for: "a turn of its body")
    var context = context
    context.stream.seed &+= UInt64(truncatingIfNeeded: turn) &* 0x9E37_79B9_7F4A_7C15
    do throws(GraphError) {
      return try plan.results(
        own + body.reads.compactMap { outer[$0] }, of: body, context, work: &work)
    } catch {
      throw BodyRun.failed(error, in: opType)
    }
  }
}

extension Plan {
  /// The outputs of a body for values of its inputs and of what it reads, whatever their types and shapes.
  fileprivate func results(
    _ given: [Value], of body: Body, _ context: RunContext, work: inout Int
  ) throws(GraphError) -> [Value] {
    let names = body.graph.inputs.map(\.name)
    var values = start
    guard given.count == names.count else {
      throw GraphError("expected \(names.count) values for a body, found \(given.count)")
    }
    for (name, value) in zip(names, given) {
      if let slot = inputSlot(name) { values[slot] = value }
    }
    for index in steps.indices {
      _ = try perform(index, &values, context, work: &work)
      for slot in steps[index].lastReads { values[slot] = nil }
    }
    let slots = Dictionary(wanted.map { ($0.name, $0.slot) }) { first, _ in first }
    return try body.graph.outputs.map { name throws(GraphError) in
      guard let made = slots[name].flatMap({ values[$0] }) else {
        throw GraphError("no value \(name) in the body")
      }
      return made
    }
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
