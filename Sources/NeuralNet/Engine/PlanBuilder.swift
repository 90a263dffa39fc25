import Masks
import TensorCore

/// A plan in the making: names become slots, nodes steps, dropouts steps of their own or parts of the
/// nodes they act in.
struct PlanBuilder {
  let network: Network
  let clean: Activations?
  let context: RunContext
  /// Whether a node that cannot be computed fails when it is met, and not here.
  let isTolerant: Bool
  private let placements: [String: Placement]
  private let scaling: Scaling
  /// Whether placements draw from the run's stream, at their site, and not from their own.
  let sharesStream: Bool
  /// Dropout of the model's own, by the node that makes its result, as far as a plan has to know of it.
  private let own: [Int: WrittenDropout]
  /// Nodes that are parts of random operators that drop; the dropout runs in the place of the last.
  private let parts: Set<Int>
  /// Whether the plan will be passed backward: then what lies between steps is needed.
  private let isForTraining: Bool

  private(set) var steps: [Plan.Step] = []
  private(set) var nodes: [Int] = []
  private(set) var constants: [String: Int] = [:]
  /// Constants and values of the clean run that steps read, by name.
  private(set) var given: [String: Int] = [:]
  private(set) var inputSlots: [String: Int] = [:]
  private(set) var slotCount = 0
  /// What the result keeps of what steps make.
  private(set) var wanted: [(name: String, slot: Int)] = []
  /// Names whose value in the clean run does not hold.
  private(set) var changed = Set<String>()
  /// The slot of each value of the graph by number; nil where it has none.
  private var slots: [Int?]
  /// The slots of the masks that pools choose by, by site.
  private var masks: [String: Int] = [:]

  /// The operator type of steps that are a dropout on an edge.
  static let dropout = "dropout"

  init(_ network: Network, isTolerant: Bool, context: RunContext) {
    (self.network, self.isTolerant, self.context) = (network, isTolerant, context)
    (clean, placements, scaling, sharesStream) = (nil, [:], .inverted, false)
    (own, parts) = PlanBuilder.own(of: network, scaling: .inverted)
    isForTraining = false
    slots = Array(repeating: nil, count: network.graph.index.names.count)
  }

  init(
    _ network: Network, placements: [Placement], clean: Activations? = nil, context: RunContext,
    scaling: Scaling = .inverted, sharesStream: Bool = false, isForTraining: Bool = false
  ) throws(GraphError) {
    precondition(clean?.masks.isEmpty ?? true, "a rerun starts from a run without placements")
    (self.network, self.clean, self.context) = (network, clean, context)
    (self.scaling, self.sharesStream, isTolerant) = (scaling, sharesStream, false)
    slots = Array(repeating: nil, count: network.graph.index.names.count)
    self.isForTraining = isForTraining
    self.placements = try network.bySite(placements)
    (own, parts) = PlanBuilder.own(of: network, scaling: scaling)
  }

  /// Dropout in random operators, which runs as one step; and where something else than the file makes
  /// up for the dropped, every dropout node too.
  private static func own(
    of network: Network, scaling: Scaling
  ) -> (own: [Int: WrittenDropout], parts: Set<Int>) {
    guard scaling != .inverted || !network.randomParts.isEmpty else { return ([:], []) }
    var (own, parts): ([Int: WrittenDropout], Set<Int>) = ([:], [])
    for dropout in network.writtenDropouts where dropout.rate != nil {
      switch dropout.form {
      case .random:
        own[dropout.index] = dropout
        parts.formUnion(dropout.parts)
      case .node, .noise: if scaling != .inverted { own[dropout.index] = dropout }
      }
    }
    return (own, parts)
  }

  /// Makes the steps for the values that are wanted; all for nil.
  mutating func build(_ names: [String]?) throws(GraphError) {
    let needed = try network.nodesNeeded(names)
    let graph = network.graph
    let stale = clean.map { staleNodes(since: $0) }
    if clean == nil {
      for (number, input) in graph.inputs.enumerated() { inputSlots[input.name] = define(number) }
    }
    for number in graph.inputs.indices { try dropOnEdge(number) }
    for (site, _) in placements.sorted(by: { $0.key < $1.key })
    where clean != nil && !changed.contains(site) && graph.producerIndex(of: site) != nil
      && graph.inner(site) == nil
    {
      if let number = graph.index.numbers[site] { try dropOnEdge(number) }
    }
    for index in graph.nodes.indices
    where needed.contains(index) && (stale?.contains(index) ?? true) {
      try add(index)
      nodes.append(index)
    }
    try keep(names)
    Fusion.fuse(
      &steps, slots: slotCount, wanted: wanted.map(\.slot), isForTraining: isForTraining)
    findLastReads()
  }

  /// The nodes whose results in a clean run do not hold, or are not there.
  private mutating func staleNodes(since clean: Activations) -> Set<Int> {
    let missing = network.graph.nodes.indices.filter { index in
      network.graph.index.makes[index].contains { number in
        number.map { clean[network.graph.index.names[$0]] == nil } ?? false
      }
    }
    let below = network.below(placements.mapValues(\.dropout.kind.target), and: missing)
    changed = below.values
    return Set(below.nodes)
  }

  /// A value that is there before the run.
  func value(_ name: String) -> Value? { clean?[name] ?? network.graph.constants[name] }

  /// A new slot, which is the value's from now on.
  private mutating func define(_ number: Int) -> Int {
    slots[number] = slotCount
    slotCount += 1
    return slotCount - 1
  }

  /// The slot of a value that is there; constants and clean values get one when they are first asked
  /// for.
  private mutating func slot(of number: Int) throws(GraphError) -> Int {
    if let slot = slots[number] { return slot }
    let name = network.graph.index.names[number]
    let isConstant = network.graph.constants[name] != nil
    guard isConstant || (!changed.contains(name) && clean?[name] != nil) else {
      throw GraphError("no value \(name) in the graph")
    }
    let slot = define(number)
    given[name] = slot
    if isConstant { constants[name] = slot }
    return slot
  }

  /// The slot of a value by name.
  private mutating func slot(named name: String) throws(GraphError) -> Int {
    guard let number = network.graph.index.numbers[name] else {
      throw GraphError("no value \(name) in the graph")
    }
    return try slot(of: number)
  }

  /// Adds a node, and the dropouts on its outputs' edges.
  private mutating func add(_ index: Int) throws(GraphError) {
    let node = network.graph.nodes[index]
    if parts.contains(index) {
      if let dropout = own[index], dropout.form == .random { try add(dropout) }
      return
    }
    let operation: any Operator
    switch network.operators[index] {
    case .success(let found): operation = found
    case .failure(let error):
      guard isTolerant else { throw error }
      return addMissing(index, error)
    }
    let all = network.graph.index.reads[index]
    let makes = network.graph.index.makes[index]
    var inputs: [Int?] = []
    let reads =
      type(of: operation).reading == .wholeValuesAndBodies ? all : all.prefix(node.inputs.count)
    for number in reads {
      if let number { inputs.append(try slot(of: number)) } else { inputs.append(nil) }
    }
    if changesNothing(node, operation), let result = makes.first ?? nil {
      slots[result] = inputs[0]
    } else {
      var found = computation(index, operation)
      if let mask = found.mask { inputs.append(mask) }
      let inside = try sitesInside(node)
      if !inside.isEmpty, let bodies = found.computation as? any OpenableOperator {
        found.computation = bodies.placing(
          inside.compactMap { site in placements[site.value.name].map(site.inner) })
      }
      let made = node.result ?? ""
      // Names of nodes may repeat, those of values cannot; and a placement on the node's output draws
      // from the value's own stream, which must be another.
      steps.append(
        Plan.Step(
          name: node.name, opType: node.opType, computation: found.computation,
          numbers: found.placement.map(numbers(of:))
            ?? .ofRun(site: RandomStream.site(named: "node of \(made)")),
          inputs: inputs, outputs: makes.map { $0.map { define($0) } },
          names: node.outputs, typedOutputs: type(of: operation).typedOutputs, site: found.site,
          placement: found.placement?.site, inside: inside,
          price: found.computation is any Operator ? network.prices[index] : nil,
          kept: network.kept[index]))
    }
    for case let number? in makes.dropLast(node.shown.count) { try dropOnEdge(number) }
  }

  /// The sites inside a node where placements drop, in the order in which the operator has them.
  /// - Throws: `GraphError` where one has an answer of another library's, which knows no turns.
  private func sitesInside(_ node: Node) throws(GraphError) -> [Plan.Inside] {
    var sites: [Plan.Inside] = []
    for value in node.shown {
      guard let placement = placements[value.name] else { continue }
      guard placement.answer == nil else {
        throw GraphError(
          "dropout at \(value.name): expected our own rule inside a node, found another library's")
      }
      sites.append(
        Plan.Inside(value: value, terms: placement.inside ?? terms(at: value)))
    }
    return sites
  }

  private func terms(at value: InnerValue) -> Placement.Inside {
    let seen = clean?[value.name].map { network.layout(of: value.name, shape: $0.shape).axes }
    return Placement.Inside(
      turns: value.turns,
      axes: seen ?? network.axes[value.name] ?? network.graph.axisNames[value.name])
  }

  /// Adds dropout that the file writes in random operators.
  private mutating func add(_ own: WrittenDropout) throws(GraphError) {
    let read = try slot(named: own.site)
    guard let result = network.graph.index.numbers[own.result] else { return }
    let acts: Bool
    switch own.activity {
    case .training: acts = context.mode == .train
    case .always, .given: acts = true
    case .never: acts = false
    }
    if let rate = own.rate, acts, !context.disablesOwnDropout, rate.p > 0 {
      let kind: any DropoutKind = own.sharedAxes.map(SharedNoise.init) ?? ElementDropout()
      steps.append(
        Plan.Step(
          name: own.node, opType: DropoutOperator.opType,
          computation: EdgeDropout(
            dropout: Dropout(kind, rate: rate, scaling: own.scale), axes: nil, isLive: true),
          numbers: .ofRun(site: RandomStream.site(named: "node of \(own.result)")),
          inputs: [read], outputs: [define(result)], names: [own.result]))
    } else {
      slots[result] = read
    }
    try dropOnEdge(result)
  }

  private mutating func addMissing(_ index: Int, _ error: GraphError) {
    let node = network.graph.nodes[index]
    steps.append(
      Plan.Step(
        name: node.name, opType: node.opType, computation: Missing(error: error),
        numbers: .ofRun(site: 0), inputs: [],
        outputs: network.graph.index.makes[index].map { $0.map { define($0) } }))
  }

  /// Whether a node's result is what it reads.
  private func changesNothing(_ node: Node, _ operation: any Operator) -> Bool {
    guard node.outputs.dropFirst().allSatisfy(\.isEmpty), node.outputs.first?.isEmpty == false,
      node.inputs.first?.isEmpty == false
    else { return false }
    if operation is Identity { return true }
    guard let dropout = operation as? DropoutOperator else { return false }
    if context.disablesOwnDropout { return true }
    let constants = network.graph.constants
    let inputs = Inputs(
      node.opType,
      node.inputs.map { name in
        constants[name].map { ValueInfo(constant: $0).computed } ?? ValueInfo(Shape([]))
      })
    switch dropout.activity(for: inputs, named: node.inputs) {
    case .training: return context.mode == .eval && scaling != .weight
    case .never: return true
    case .always, .given: return false
    }
  }

  /// What computes a node, with the mask it reads beside its inputs, the placement that it drops by,
  /// and the site whose mask it draws.
  private typealias Found = (
    computation: any Computation, mask: Int?, placement: Placement?, site: String?
  )

  private func computation(_ index: Int, _ operation: any Operator) -> Found {
    let node = network.graph.nodes[index]
    if operation is DropoutOperator, let own = own[index], own.activity == .training,
      let rate = own.rate, node.outputs.dropFirst().allSatisfy(\.isEmpty)
    {
      let dropout = Dropout(ElementDropout(), rate: rate, scaling: scaling)
      return (EdgeDropout(dropout: dropout, axes: nil), nil, nil, nil)
    }
    if let made = node.result, let placement = placements[made],
      placement.dropout.kind.target.isParameter, context.mode == .train,
      let parameters = network.parameters(of: index, for: placement.dropout.kind.target)
    {
      let computation = DroppedParameters(
        operation: operation, position: parameters.input, dropout: placement.dropout)
      return (computation, nil, placement, made)
    }
    if let read = node.inputs.first, let placement = placements[read],
      placement.dropout.kind.target == .pool, let pool = operation as? any PoolWithDropout
    {
      return (DroppedPool(pool: pool, dropout: placement.dropout), masks[read], placement, nil)
    }
    return (operation, nil, nil, nil)
  }

  private func numbers(of placement: Placement) -> Plan.Numbers {
    Plan.Numbers(placement, ofRun: sharesStream)
  }

  /// Adds the dropout on a value's edge, if there is one; later steps read what it leaves.
  private mutating func dropOnEdge(_ number: Int) throws(GraphError) {
    guard !placements.isEmpty else { return }
    let name = network.graph.index.names[number]
    guard let placement = placements[name] else { return }
    let dropout = placement.dropout
    let computation: any Computation
    switch dropout.kind.target {
    // Dropped parameters are met where their node is computed.
    case .weights, .recurrentWeights, .embedding: return
    case .pool:
      // A pool chooses from what is left; whoever else reads the value reads all of it.
      guard context.mode == .train else { return }
      computation = DrawnMask(dropout: dropout)
    case .activation, .attention, .input:
      if let answer = placement.answer {
        computation = Answer(output: answer.output, mask: answer.mask)
        break
      }
      let actsAtEvaluation = dropout.scaling == .weight && dropout.kind.takesScaling
      guard context.mode == .train || actsAtEvaluation else { return }
      computation =
        placement.inside.map { EdgeDropout(dropout: dropout, axes: $0.axes, turns: $0.turns) }
        ?? EdgeDropout(dropout: dropout, axes: network.axes[name] ?? [])
    }
    let read = try slot(of: number)
    let made: Int
    if dropout.kind.target == .pool {
      made = slotCount
      slotCount += 1
      masks[name] = made
    } else {
      made = define(number)
    }
    steps.append(
      Plan.Step(
        name: "dropout at \(name)", opType: PlanBuilder.dropout, computation: computation,
        numbers: numbers(of: placement), inputs: [read], outputs: [made],
        site: context.mode == .train || placement.answer != nil ? name : nil,
        placement: placement.answer == nil ? name : nil))
  }

  /// Notes what the result keeps: what is wanted and not there already, and the sites.
  private mutating func keep(_ names: [String]?) throws(GraphError) {
    guard let names else {
      let index = network.graph.index
      var there = [Int?](repeating: nil, count: slots.count)
      for (name, slot) in given.merging(inputSlots, uniquingKeysWith: { $1 }) {
        if let number = index.numbers[name] { there[number] = slot }
      }
      for (number, slot) in slots.enumerated() {
        // A value that is another handed on has that one's slot, and is kept all the same.
        if let slot, there[number] != slot { wanted.append((index.names[number], slot)) }
      }
      return
    }
    var seen = Set<String>()
    let asked = Set(names)
    for name in names + placements.keys.sorted() where seen.insert(name).inserted {
      // A site that nothing wanted depends on was not computed.
      if asked.contains(name) {
        wanted.append((name, try slot(named: name)))
      } else if let slot = network.graph.index.numbers[name].flatMap({ slots[$0] }) {
        wanted.append((name, slot))
      }
    }
  }

  /// Notes for each slot the last step that reads it, or makes it where none does.
  private mutating func findLastReads() {
    var seen = [Bool](repeating: false, count: slotCount)
    for slot in constants.values { seen[slot] = true }
    for (_, slot) in wanted { seen[slot] = true }
    for index in steps.indices.reversed() {
      for case let slot? in steps[index].inputs + steps[index].outputs where !seen[slot] {
        seen[slot] = true
        steps[index].lastReads.append(slot)
      }
    }
  }
}
