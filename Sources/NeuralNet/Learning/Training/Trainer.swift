public import Masks
public import TensorCore

/// A network that learns: its weights, the optimiser's state, and how far training has come.
///
/// Training drops where the graph's own Dropout nodes and the placements say, with numbers keyed by
/// (seed, site, sample of the batch, step): the same seed gives the same weights for any number of
/// threads. Batch normalisation uses its stored statistics, or those of each batch.
public struct Trainer: Sendable {
  /// What is made small.
  public let loss: any Loss
  /// How weights follow gradients; may be changed between steps for one with the same slots.
  public var optimizer: any Optimizer
  /// An upper limit on weights, applied after each step.
  public let maxNorm: MaxNorm?
  /// What makes up for what the graph's own Dropout nodes drop: in training, or at evaluation.
  public let scaling: Scaling
  /// What all random numbers are made from.
  public private(set) var seed: UInt64
  /// How many steps have been made.
  public private(set) var stepCount = 0
  /// How many epochs are behind: the caller's to count.
  public var epoch = 0
  /// How many samples of the present epoch are behind: the caller's to count.
  public var position = 0
  /// Whether recurrent layers go on from the states that the batch before ended with.
  public let carriesStates: Bool
  /// The value training starts from: the output, or what its softmax reads.
  public let trainedOutput: String

  let original: Graph
  let parameters: [String: Parameter]
  let dropouts: [String: Dropout]
  private let pass: Plan.Differentiable
  private let evaluation: Plan
  private let prediction: Plan
  private var tape: Plan.Tape
  /// By which statistics batch normalisation normalises while the network learns.
  public let batchNormalization: BatchStatistics
  private var state: [String: [Tensor]] = [:]
  private let states: CarriedStates
  private var carried: CarriedStates.Values?

  /// Makes a graph's parameters trainable: the float32 constants of rank 1 or more that Conv, Gemm and
  /// MatMul read as weights or bias, Add as a bias, and BatchNormalization as scale and bias.
  ///
  /// A loss that contains the softmax is put before a Softmax or LogSoftmax at the graph's end.
  /// - Parameters:
  ///   - placements: dropouts on edges, beside the graph's own nodes; of their streams only the site
  ///     counts
  ///   - batchNormalization: with `.batch` nodes normalise by the batch and their running statistics
  ///     follow it; with `.stored` they are what the model brought
  ///   - scaling: `inverted` scales in training; `weight` keeps to Hinton 2012 and Srivastava 2014:
  ///     nothing in training, × keep at evaluation
  ///   - carriesStates: whether recurrent layers go on from the states that the batch before ended with:
  ///     see `CarriedStates`
  /// - Throws: `GraphError` where the graph has not one input, an operator is missing, a dropout
  ///   cannot act at its site, a name of `maxNorm` is none, or there is nothing to train.
  public init(
    _ graph: Graph, loss: any Loss = SoftmaxCrossEntropy(), optimizer: any Optimizer,
    placements: [Placement] = [], scaling: Scaling = .inverted, maxNorm: MaxNorm? = nil,
    batchNormalization: BatchStatistics = .stored, carriesStates: Bool = false, seed: UInt64 = 0
  ) throws(GraphError) {
    states = carriesStates ? try CarriedStates(of: graph) : CarriedStates(none: graph)
    let network = Network(states.graph)
    guard let output = graph.outputs.first else { throw GraphError("the graph has no output") }
    (original, self.loss, self.optimizer) = (graph, loss, optimizer)
    (self.scaling, self.maxNorm, self.seed) = (scaling, maxNorm, seed)
    (self.batchNormalization, self.carriesStates) = (batchNormalization, carriesStates)
    guard !graph.inputs.isEmpty else { throw GraphError("expected an input, found none") }
    dropouts = try network.bySite(placements).mapValues(\.dropout)
    trainedOutput = network.value(before: loss.contained, at: output)
    let found = network.parameters
    parameters = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0) })
    func plan(
      _ network: Network, _ wanted: [String], _ mode: Mode
    ) throws(GraphError) -> Plan {
      try Plan(
        PlanBuilder(
          network, placements: placements, context: RunContext(mode: mode), scaling: scaling,
          sharesStream: true, isForTraining: mode == .train), wanted: wanted)
    }
    let wanted = [trainedOutput] + states.all.map(\.last)
    let forward = try plan(network, wanted, .train)
    evaluation = try plan(network, wanted, .eval)
    prediction = try plan(Network(graph), [output], .eval)
    let trained = found.map(\.name).filter { forward.constants[$0] != nil }
    guard !trained.isEmpty else { throw GraphError("no weights to train in \(graph.name)") }
    pass = try Plan.Differentiable(forward, inputs: states.graph.inputs, parameters: trained)
    tape = pass.tape
    for name in trained {
      guard let shape = graph.constants[name]?.shape else { continue }
      state[name] = optimizer.slots.map { _ in Tensor(shape, repeating: 0) }
    }
    let limited = Set(parameters.values.filter { $0.unitAxis != nil }.map(\.name))
    if let unknown = maxNorm?.parameters?.subtracting(limited).sorted().first {
      let names = limited.sorted().joined(separator: ", ")
      throw GraphError("max-norm: expected weights of \(names), found \(unknown)")
    }
  }

  /// Learns from a batch.
  /// - Returns: the loss before the step, with dropout acting.
  /// - Throws: `TrainingError`: where the batch does not fit the network, and where the loss is not
  ///   finite; no weight has changed then.
  public mutating func step(_ batch: Batch) throws(TrainingError) -> StepReport {
    let found = try startPass(batch)
    do {
      try pass.start(&tape, gradient: found.gradient)
      let statistics = newStatistics
      // Gradients that are shortened together wait for each other.
      var waiting: [(name: String, slot: Int, gradient: Tensor)] = []
      for index in pass.plan.steps.indices.reversed() {
        let complete = try pass.backward(index, &tape)
        guard optimizer.clip == nil else {
          waiting += complete
          continue
        }
        for (name, slot, gradient) in complete { update(name, slot, gradient) }
      }
      if let limit = optimizer.clip { waiting.shorten(to: limit) }
      for (name, slot, gradient) in waiting { update(name, slot, gradient) }
      for (slot, value) in statistics { tape.values[slot] = value }
    } catch {
      tape.clear(pass.plan)
      throw .graph(error)
    }
    tape.clear(pass.plan)
    stepCount += 1
    return StepReport(loss: found.mean, correct: found.correct, samples: found.count)
  }

  /// The gradients that `step` would follow, by parameter, and its loss; nothing changes.
  /// - Throws: what `step` throws.
  public func gradients(
    _ batch: Batch
  ) throws(TrainingError) -> (loss: Double, gradients: [String: Tensor]) {
    var copy = self
    let found = try copy.startPass(batch)
    var gradients: [String: Tensor] = [:]
    do {
      try copy.pass.start(&copy.tape, gradient: found.gradient)
      for index in pass.plan.steps.indices.reversed() {
        for (name, _, gradient) in try pass.backward(index, &copy.tape) {
          gradients[name] = gradient
        }
      }
    } catch {
      throw .graph(error)
    }
    return (found.mean, gradients)
  }

  /// Begins at the start of the data: recurrent layers go on from nothing.
  public mutating func forgetStates() { carried = nil }

  /// The loss and accuracy over batches, at evaluation: without dropout. Where states are carried they go on
  /// from batch to batch, and begin at 0.
  /// - Throws: `TrainingError` where a batch does not fit the network.
  public func evaluate(
    _ batches: some Sequence<Batch>
  ) throws(TrainingError) -> StepReport {
    var carried: CarriedStates.Values?
    return try evaluate(batches, from: &carried)
  }

  /// The same, from the states that an evaluation before ended with, which are left where this one ends.
  /// - Throws: `TrainingError` where a batch does not fit the network.
  public func evaluate(
    _ batches: some Sequence<Batch>, from carried: inout CarriedStates.Values?
  ) throws(TrainingError) -> StepReport {
    let plan = trained(evaluation)
    var report = StepReport()
    for batch in batches {
      let first = states.first(for: batch, after: carried)
      let found = try value(batch) { x throws(GraphError) in
        var made = try plan.wantedValues(for: x + first.map { .float32($0) })
        guard let y = made.removeFirst()?.tensor else {
          throw GraphError("the network's output is not float32")
        }
        carried = states.values(made)
        return y
      }
      report.add(
        StepReport(loss: found.mean, correct: found.correct, samples: found.count))
    }
    return report
  }

  /// The network as it stands, ready for inference.
  public var predictor: Plan { trained(prediction) }

  /// The parameters by name, as training has them, and the running statistics that follow batches.
  public var weights: [String: Tensor] {
    var weights: [String: Tensor] = [:]
    let statistics = batchNormalization == .batch ? Set(pass.statistics.flatMap(\.slots)) : []
    for (name, slot) in pass.plan.constants {
      guard state[name] != nil || statistics.contains(slot) else { continue }
      weights[name] = averages(of: name) ?? tape.values[slot]?.tensor
    }
    return weights
  }

  /// The average of a parameter, where the optimiser keeps it by now.
  private func averages(of name: String) -> Tensor? {
    guard let first = optimizer.averagesFrom, stepCount > first, let slot = optimizer.averages
    else { return nil }
    return state[name]?[slot]
  }

  /// A plan with the weights as they are now.
  private func trained(_ plan: Plan) -> Plan { plan.replacing(weights.mapValues { .float32($0) }) }

  /// The running statistics after a forward pass, by slot; none where stored ones stay.
  private var newStatistics: [(slot: Int, value: Value)] {
    guard batchNormalization == .batch else { return [] }
    return pass.statistics.flatMap { step, slots in
      zip(slots, tape.made[step].dropFirst()).map { ($0, $1) }
    }
  }

  /// The forward pass and the loss.
  private mutating func startPass(_ batch: Batch) throws(TrainingError) -> LossValue {
    let context = RunContext(
      mode: .train, batchNormalization: batchNormalization,
      stream: RandomStream(seed: seed, step: UInt32(truncatingIfNeeded: stepCount)))
    let first = states.first(for: batch, after: carried).map { Value.float32($0) }
    do throws(TrainingError) {
      let found = try value(batch) { x throws(GraphError) in
        try pass.forward(x + first, &tape, context)
      }
      guard found.mean.isFinite else {
        throw .diverged(loss: found.mean, step: stepCount)
      }
      carried = states.values(pass.plan.wanted.dropFirst().map { tape.values[$0.slot] })
      return found
    } catch {
      tape.clear(pass.plan)
      throw error
    }
  }

  /// The loss of what a pass makes of a batch.
  private func value(
    _ batch: Batch, _ forward: ([Value]) throws(GraphError) -> Tensor
  ) throws(TrainingError) -> LossValue {
    guard batch.samples != nil else {
      throw .graph(
        GraphError(
          "expected a batch of one sample or more and a target for each, found inputs "
            + batch.inputs.map { "\($0.shape)" }.joined(separator: ", ")
            + " and \(batch.targets.description)"))
    }
    let output: Tensor
    do { output = try forward(batch.inputs) } catch { throw .graph(error) }
    do { return try loss.evaluate(output, batch.targets) } catch { throw TrainingError(error) }
  }

  private mutating func update(_ name: String, _ slot: Int, _ gradient: Tensor) {
    guard case .float32(var weights)? = tape.values[slot], var own = state[name] else { return }
    // Nobody else may hold these while they change, or all of them would be copied.
    tape.values[slot] = nil
    state[name] = []
    optimizer.update(&weights, gradient: gradient, state: &own, step: stepCount)
    if let maxNorm, let axis = parameters[name]?.unitAxis,
      maxNorm.parameters?.contains(name) ?? true
    {
      maxNorm.apply(to: &weights, unitAxis: axis)
    }
    tape.values[slot] = .float32(weights)
    state[name] = own
  }
}

extension Trainer {
  /// All that training has changed.
  public var snapshot: TrainingSnapshot {
    var slots: [String: [String: Tensor]] = [:]
    for (index, slot) in optimizer.slots.enumerated() {
      slots[slot] = state.mapValues { $0[index] }
    }
    var current = weights
    for name in state.keys {
      current[name] = pass.plan.constants[name].flatMap { tape.values[$0]?.tensor }
    }
    var snapshot = TrainingSnapshot(
      weights: current, slots: slots, seed: seed, step: stepCount, epoch: epoch,
      position: position)
    snapshot.averagesFrom = optimizer.averagesFrom
    snapshot.carried = carried?.byName ?? [:]
    return snapshot
  }

  /// Goes back to a snapshot of a trainer made the same way.
  /// - Throws: `GraphError` where it is of another network or another optimiser; nothing has changed
  ///   then.
  public mutating func restore(_ snapshot: TrainingSnapshot) throws(GraphError) {
    try check(snapshot.weights, "weights", of: weights)
    guard Set(snapshot.slots.keys) == Set(optimizer.slots) else {
      let (own, found) = (optimizer.slots.sorted(), snapshot.slots.keys.sorted())
      throw GraphError("snapshot: expected an optimiser's \(own), found \(found)")
    }
    for slot in optimizer.slots {
      try check(snapshot.slots[slot] ?? [:], slot, of: weights.filter { state[$0.key] != nil })
    }
    guard snapshot.averagesFrom == nil || optimizer.averages != nil else {
      throw GraphError("snapshot: expected no averages of \(optimizer), found some")
    }
    let states = try states.values(named: snapshot.carried)
    carried = states
    if optimizer.averages != nil { optimizer.averagesFrom = snapshot.averagesFrom }
    for (name, weights) in snapshot.weights {
      if let slot = pass.plan.constants[name] { tape.values[slot] = .float32(weights) }
      guard state[name] != nil else { continue }
      state[name] = optimizer.slots.compactMap { snapshot.slots[$0]?[name] }
    }
    (seed, stepCount) = (snapshot.seed, snapshot.step)
    (epoch, position) = (snapshot.epoch, snapshot.position)
  }

  private func check(
    _ tensors: [String: Tensor], _ what: String, of own: [String: Tensor]
  ) throws(GraphError) {
    guard Set(tensors.keys) == Set(own.keys) else {
      throw GraphError(
        "snapshot: expected \(what) of \(own.keys.sorted()), found \(tensors.keys.sorted())")
    }
    for (name, tensor) in tensors where tensor.shape != own[name]?.shape {
      throw GraphError(
        "snapshot: expected \(what) \(name) \(own[name]?.shape ?? []), found \(tensor.shape)")
    }
  }
}

extension [(name: String, slot: Int, gradient: Tensor)] {
  /// Shortens them, as one vector, to a length where they are longer; as PyTorch's `clip_grad_norm_` does.
  fileprivate mutating func shorten(to limit: Double) {
    var squares = 0.0
    for (_, _, gradient) in self {
      gradient.withElements { g in for g in g { squares += Double(g) * Double(g) } }
    }
    let factor = Float(limit / (squares.squareRoot() + 1e-6))
    guard factor < 1 else { return }
    for index in indices {
      self[index].gradient.withMutableElements { g in for i in g.indices { g[i] *= factor } }
    }
  }
}

extension Network {
  /// What the function reads that makes a value and that a loss contains; the value itself where another
  /// makes it.
  fileprivate func value(before function: OutputFunction?, at output: String) -> String {
    guard let function, let index = graph.nodes.firstIndex(where: { $0.outputs.first == output }),
      let operation = try? operators[index].get()
    else { return output }
    let isContained =
      switch function {
      case .softmax: operation is Softmax || operation is LogSoftmax
      case .sigmoid: operation is Sigmoid
      }
    return isContained ? graph.nodes[index].inputs.first ?? output : output
  }
}
