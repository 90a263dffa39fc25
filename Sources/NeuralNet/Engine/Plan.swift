public import Masks
public import TensorCore

/// A graph with its dropouts and what is asked of it, compiled into steps over numbered slots: the one
/// executor. What can be worked out once is; a value is let go after its last reader, unless it is
/// wanted.
///
/// A plan runs a graph from its inputs, or, given a clean run, computes again only what lies below its
/// dropouts; `Plan.Differentiable` runs it backward. A dropout means the same in each of them, and the
/// same key gives the same bits.
public struct Plan: Sendable {
  /// One step: a node, or a dropout on an edge.
  struct Step: Sendable {
    /// The node's name, for messages.
    let name: String
    var opType: String
    var computation: any Computation
    /// Where its random numbers come from.
    var numbers: Numbers
    /// The slots it reads; nil where an optional input is left out.
    var inputs: [Int?]
    /// The slots it fills; nil for what nobody wants.
    var outputs: [Int?]
    /// The names of what it makes, for messages.
    var names: [String] = []
    /// How many of its results, from the first on, have the element types of its inputs.
    var typedOutputs = Int.max
    /// The site whose mask the step draws.
    var site: String?
    /// The site whose placement says what the step drops.
    var placement: String?
    /// The sites inside its bodies where placements drop.
    var inside: [Inside] = []
    /// What its results take; nil where that is worked out anew in each run.
    var price: NodePrice?
    /// Where its weights are kept in the order of the kernels, if they are one of the graph's constants.
    var kept: KeptWeights?
    /// Slots that no later step reads; not those of constants.
    var lastReads: [Int] = []
  }

  /// A site inside a step's bodies.
  struct Inside: Sendable {
    let value: InnerValue
    let terms: Placement.Inside

    /// A placement as the body takes it.
    func inner(_ placement: Placement) -> (body: String, placement: Placement) {
      var own = placement
      (own.site, own.inside) = (value.value, terms)
      return (value.body, own)
    }
  }

  /// Where a step's random numbers come from: the run's stream at a site of its own, or a stream.
  enum Numbers: Sendable {
    case ofRun(site: UInt32)
    case own(RandomStream)

    /// The numbers of a placement: its own or, at its site, the run's.
    init(_ placement: Placement, ofRun: Bool) {
      self = ofRun ? .ofRun(site: placement.stream.site) : .own(placement.stream)
    }
  }

  /// The steps, in the order in which they run.
  private(set) var steps: [Step]
  /// The nodes that are computed, in the graph's order.
  let nodes: [Int]
  /// The graph's constants that some step reads, by name.
  let constants: [String: Int]
  let slotCount: Int
  /// The slots of the graph's inputs; nil where nothing reads one.
  private let inputs: [(input: Graph.Input, slot: Int?)]
  /// What the result keeps of what is made, by name.
  let wanted: [(name: String, slot: Int)]
  /// What is there before a run, by slot: constants, and what a clean run has.
  private(set) var start: [Value?]
  /// The same by name: what the result keeps besides.
  private let kept: Activations.Kept
  private(set) var context: RunContext
  private let sharesStream: Bool
  /// Where results lie; nil where each is made in the heap.
  var layout: PlanLayout?

  /// A plan for a network.
  /// - Parameters:
  ///   - wanted: the values that are kept; nil for all
  ///   - placements: dropouts on edges, one a site at most; values are kept as their readers see them,
  ///     after it
  ///   - clean: a run without placements, of which all that lies above their sites is kept; nodes that
  ///     run left out are computed where they are wanted
  ///   - context: mode, seed and step of a run
  ///   - scaling: what makes up for what the graph's own Dropout nodes drop
  /// - Throws: `GraphError` where a name is not in the graph, an operator that is needed is missing, or
  ///   a kind cannot act at its site.
  public init(
    _ network: Network, wanted: [String]? = nil, placements: [Placement] = [],
    from clean: Activations? = nil, context: RunContext = RunContext(),
    scaling: Scaling = .inverted
  ) throws(GraphError) {
    try self.init(
      PlanBuilder(
        network, placements: placements, clean: clean, context: context, scaling: scaling),
      wanted: wanted)
  }

  /// A plan that gives a graph's first output at evaluation.
  /// - Throws: `GraphError` where an operator is missing, or the graph has no output.
  public init(predicting graph: Graph) throws(GraphError) {
    guard let output = graph.outputs.first else { throw GraphError("the graph has no output") }
    try self.init(Network(graph), wanted: [output])
  }

  init(_ builder: consuming PlanBuilder, wanted names: [String]?) throws(GraphError) {
    try builder.build(names)
    let graph = builder.network.graph
    (steps, nodes, slotCount) = (builder.steps, builder.nodes, builder.slotCount)
    (constants, context) = (builder.constants, builder.context)
    sharesStream = builder.sharesStream
    wanted = builder.wanted
    var start = [Value?](repeating: nil, count: builder.slotCount)
    for (name, slot) in builder.given { start[slot] = builder.value(name) }
    self.start = start
    let isRerun = builder.clean != nil
    inputs = isRerun ? [] : graph.inputs.map { ($0, builder.inputSlots[$0.name]) }
    kept =
      builder.clean?.keeping(without: builder.changed) ?? Activations.Kept(graph.constants)
  }

  /// Computes the wanted values.
  /// - Parameters:
  ///   - inputs: an array for each of the graph's inputs, by name; none for a rerun
  ///   - step: the step all numbers are drawn at; nil leaves those of the placements and the context
  /// - Throws: `GraphError` where an input is missing or misshapen, or a node cannot be computed.
  public func run(
    _ inputs: [String: Value] = [:], step: UInt32? = nil
  ) throws(GraphError) -> Activations {
    var problem: GraphError?
    let run = try run(inputs, step: step) { problem = problem ?? $0 }
    if let problem { throw problem }
    return run
  }

  /// Computes whatever can be computed: a step that fails, and all below it, is left out.
  /// - Parameter failed: told why; may throw to end the run
  func run(
    _ inputs: [String: Value], step: UInt32? = nil, isTolerant: Bool = false,
    _ failed: (GraphError) -> Void
  ) throws(GraphError) -> Activations {
    var (values, context) = (start, context)
    var run = Activations(keeping: kept, computed: nodes)
    run.reserve(wanted.count)
    if let step { (context.stream.step, context.placedStep) = (step, step) }
    for (input, slot) in self.inputs {
      let value = try Plan.checked(inputs[input.name], for: input)
      run[input.name] = value
      if let slot { values[slot] = value }
    }
    var (failures, work) = (false, 0)
    for index in steps.indices {
      if failures, lacksInput(index, values) { continue }
      do throws(GraphError) {
        let made = try perform(index, &values, context, work: &work)
        for (site, mask) in try masks(of: index, made) { run.masks[site] = mask }
      } catch {
        guard isTolerant else { throw error }
        failed(error)
        failures = true
      }
      for slot in steps[index].lastReads { values[slot] = nil }
    }
    for (name, slot) in wanted { run[name] = values[slot] }
    return run
  }

  /// The first wanted value for a batch of a graph with one input.
  /// - Throws: `GraphError` where the network takes no such input, or a node cannot be computed.
  public func output(for x: Tensor) throws(GraphError) -> Tensor {
    try output(for: [.float32(x)])
  }

  /// The first wanted value for a batch of each input, in the graph's order.
  /// - Throws: `GraphError` where the network takes no such inputs, or a node cannot be computed.
  public func output(for x: [Value]) throws(GraphError) -> Tensor {
    guard !wanted.isEmpty else { throw GraphError("no value is wanted") }
    guard let y = try wantedValues(for: x)[0]?.tensor else {
      throw GraphError("the network's output is not float32")
    }
    return y
  }

  /// All wanted values for a batch of each input, in the graph's order.
  /// - Throws: `GraphError` where the network takes no such inputs, or a node cannot be computed.
  func wantedValues(for x: [Value]) throws(GraphError) -> [Value?] {
    var values = start
    try Plan.check(x.count, of: inputs.map(\.input))
    for ((input, slot), value) in zip(inputs, x) {
      let value = try Plan.checked(value, for: input)
      if let slot { values[slot] = value }
    }
    var work = 0
    for index in steps.indices {
      _ = try perform(index, &values, context, work: &work)
      for slot in steps[index].lastReads { values[slot] = nil }
    }
    return wanted.map { values[$0.slot] }
  }

  /// Puts the graph's inputs into their slots.
  /// - Throws: `GraphError` where one is missing or misshapen.
  func fill(_ values: inout [Value?], with inputs: [String: Value]) throws(GraphError) {
    for (input, slot) in self.inputs {
      let value = try Plan.checked(inputs[input.name], for: input)
      if let slot { values[slot] = value }
    }
  }

  /// The slot of an input; nil where no step reads it.
  func inputSlot(_ name: String) -> Int? { inputs.first { $0.input.name == name }?.slot }

  /// The slot of the first wanted value.
  var outputSlot: Int? { wanted.first?.slot }

  /// The plan with other constants: what is named here in place of the graph's own.
  func replacing(_ constants: [String: Value]) -> Plan {
    var plan = self
    for (name, value) in constants {
      if let slot = self.constants[name] { plan.start[slot] = value }
    }
    plan.forgetKeptWeights()
    return plan
  }

  /// For plans whose constants change from run to run.
  mutating func forgetKeptWeights() { for index in steps.indices { steps[index].kept = nil } }

  /// The plan with other rates and numbers: for dropouts of the same kinds and scaling at the same sites.
  /// - Parameters:
  ///   - placements: one for each of the plan's own
  ///   - stream: where the graph's own random nodes take their numbers from
  public func replacing(_ placements: [Placement], stream: RandomStream) -> Plan {
    var plan = self
    plan.context.stream = stream
    for index in steps.indices {
      if let bodies = steps[index].computation as? any OpenableOperator {
        plan.steps[index].computation = bodies.placing(
          steps[index].inside.compactMap { site in
            placements.first { $0.site == site.value.name }.map(site.inner)
          })
      }
      guard let site = steps[index].placement else { continue }
      guard let placement = placements.first(where: { $0.site == site }),
        var placed = steps[index].computation as? any Placed
      else { preconditionFailure("no dropout for \(site)") }
      placed.dropout = placement.dropout
      plan.steps[index].computation = placed
      plan.steps[index].numbers = Numbers(placement, ofRun: sharesStream)
    }
    return plan
  }

  /// - Throws: `GraphError` where there is not a value for each input.
  static func check(_ count: Int, of inputs: [Graph.Input]) throws(GraphError) {
    guard count != inputs.count else { return }
    let names = inputs.map { "\($0.name) \($0.shapeText)" }.joined(separator: ", ")
    throw GraphError(
      "expected \(inputs.count == 1 ? "one input" : "\(inputs.count) inputs"), \(names), found \(count)"
    )
  }

  /// - Throws: `GraphError` where an input is missing or of another type or shape.
  static func checked(_ value: Value?, for input: Graph.Input) throws(GraphError) -> Value {
    guard let value else {
      if input.isOptional { return .absent }
      throw GraphError("input \(input.name) of shape \(input.shapeText) is missing")
    }
    if case .sequence(let values) = value, let elements = input.elements,
      values.allSatisfy({ $0.type == elements })
    {
      return value
    }
    guard value.type == input.type, value.type != .sequence, input.accepts(value.shape) else {
      throw GraphError(
        "input \(input.name): expected \(input.typeText) \(input.shapeText), "
          + "found \(value.type) \(value.shape)")
    }
    return value
  }
}

extension Plan {
  /// Computes one step, and puts what it makes into its slots; `work` is what the pass has taken.
  /// - Returns: all that it makes, also what has no slot.
  func perform(
    _ index: Int, _ values: inout [Value?], _ context: RunContext, work: inout Int
  ) throws(GraphError) -> [Value] {
    var context = context
    context.kept = steps[index].kept
    switch steps[index].numbers {
    case .ofRun(let site): context.stream.site = site
    case .own(let stream): context.stream = stream
    }
    if let step = context.placedStep { context.stream.step = step }
    let inputs = inputs(of: index, values)
    context.losses?.begin(steps[index].name)
    let made: [Value]
    do {
      try steps[index].reserve(for: inputs, work: &work)
      made = try placing(index) { () throws(TensorError) in
        try steps[index].computation.forward(
          inputs, context, typedOutputs: steps[index].typedOutputs)
      }
    } catch {
      throw self.error(at: index, error)
    }
    for (position, slot) in steps[index].outputs.enumerated() {
      guard let slot else { continue }
      guard position < made.count else {
        let unmade = steps[index].names[position]
        throw GraphError(
          node: steps[index].name,
          "\(steps[index].opType) makes \(made.count) outputs, \(unmade) is not among them")
      }
      values[slot] = made[position]
    }
    return made
  }

  /// What a step reads.
  func inputs(of index: Int, _ values: [Value?]) -> Inputs<Value> {
    Inputs(steps[index].opType, steps[index].inputs.map { slot in slot.flatMap { values[$0] } })
  }

  private func lacksInput(_ index: Int, _ values: [Value?]) -> Bool {
    steps[index].inputs.contains { slot in slot.map { values[$0] == nil } ?? false }
  }

  /// The masks that a step drew, by site.
  func masks(of index: Int, _ made: [Value]) throws(GraphError) -> [(site: String, mask: Mask)] {
    var masks: [(String, Mask)] = []
    if let site = steps[index].site, let mask = try mask(of: index, made) {
      masks.append((site, mask))
    }
    let inside = steps[index].inside
    for (place, site) in inside.enumerated() {
      // They are the last results, two each: see `BodyRun.run`.
      let at = made.count - 2 * (inside.count - place)
      guard at >= 0, case .bool(let kept) = made[at] else { continue }
      let layout = Layout(kept.shape, kept.shape.dims.map { _ in .unknown })
      masks.append((site.value.name, Mask(layout: layout, kept: kept, noise: made[at + 1].tensor)))
    }
    return masks
  }

  private func mask(of index: Int, _ made: [Value]) throws(GraphError) -> Mask? {
    do {
      return try (steps[index].computation as? any Dropping)?.mask(of: made)
    } catch {
      throw self.error(at: index, error)
    }
  }

  private func error(at index: Int, _ error: TensorError) -> GraphError {
    if let missing = steps[index].computation as? Missing { return missing.error }
    // A dropout's name says where it is.
    var found = GraphError(node: steps[index].name, error)
    if steps[index].opType == PlanBuilder.dropout {
      (found.node, found.message) = (nil, "\(steps[index].name): \(error)")
    }
    return found
  }
}

extension Network {
  /// Computes values from the graph's inputs: all of them, or those that are wanted.
  /// - Parameters:
  ///   - inputs: an array for each of the graph's inputs, by name
  ///   - placements: dropouts on edges, one a site at most; values are stored as their readers see
  ///     them, after it
  /// - Throws: `GraphError` where an input is missing or misshapen, a name is not in the graph, or a
  ///   node cannot be computed.
  public func run(
    _ inputs: [String: Value], wanted: [String]? = nil, placements: [Placement] = [],
    context: RunContext = RunContext()
  ) throws(GraphError) -> Activations {
    // What the user gave is looked at before what the file lacks.
    for input in graph.inputs { _ = try Plan.checked(inputs[input.name], for: input) }
    return try Plan(self, wanted: wanted, placements: placements, context: context).run(inputs)
  }

  /// Computes again what lies below the placements' sites and keeps everything above them from a run
  /// without placements; nodes that run left out are computed where they are wanted now. With `wanted`
  /// the result holds, of what lies below, only that. What operators drew above the sites is kept too.
  /// - Throws: `GraphError` where a name is not in the graph, a node cannot be computed or a kind
  ///   cannot act at its site.
  public func run(
    from clean: Activations, wanted: [String]? = nil, placements: [Placement],
    context: RunContext = RunContext(mode: .train)
  ) throws(GraphError) -> Activations {
    try Plan(self, wanted: wanted, placements: placements, from: clean, context: context).run()
  }

  /// Runs without dropout, the model's own neither, whatever can be run: nodes that cannot be computed,
  /// and all below them, are left out.
  /// - Returns: the values, and the first reason why one is missing, nil where none is.
  /// - Throws: `GraphError` where an input is missing or misshapen.
  public func runAsFarAsPossible(
    _ inputs: [String: Value]
  ) throws(GraphError) -> (values: Activations, problem: GraphError?) {
    let context = RunContext(disablesOwnDropout: true)
    let builder = PlanBuilder(self, isTolerant: true, context: context)
    var problem: GraphError?
    let values = try Plan(builder, wanted: nil).run(inputs, isTolerant: true) {
      problem = problem ?? $0
    }
    return (values, problem)
  }
}

extension Plan.Step {
  /// Asks for the memory that the step's results will take, and counts its work.
  /// - Throws: `TensorError` where there is not so much memory, or the pass takes too much work.
  @inline(__always)
  func reserve(for inputs: Inputs<Value>, work: inout Int) throws(TensorError) {
    let price = price?.price(computation, inputs) ?? computation.price(inputs)
    try MemoryBudget.reserve(price.bytes, in: opType, for: names.first ?? name)
    try WorkBudget.count(price.work, on: &work, in: opType, for: names.first ?? name)
  }
}
