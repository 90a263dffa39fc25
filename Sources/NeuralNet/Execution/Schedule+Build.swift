import Masks
import TensorCore

extension Schedule {
  /// A schedule in the making.
  struct Build {
    let network: Network
    let mode: Mode
    let dropouts: Dropouts
    let scaling: Scaling
    private(set) var steps: [Step] = []
    private(set) var constants: [String: Int] = [:]
    private(set) var slotCount = 0
    private var slots: [String: Int] = [:]
    private let ownRates: [String: Rate]

    init(network: Network, mode: Mode, dropouts: Dropouts, scaling: Scaling) {
      (self.network, self.mode, self.dropouts) = (network, mode, dropouts)
      self.scaling = scaling
      ownRates = network.ownDropouts.reduce(into: [:]) { $0[$1.output] = $1.rate }
    }

    /// A new slot, which is the value's from now on.
    mutating func define(_ name: String) -> Int {
      slots[name] = slotCount
      slotCount += 1
      return slotCount - 1
    }

    /// The slot of a value that is there; constants get one when they are first asked for.
    mutating func slot(of name: String) throws(GraphError) -> Int {
      if let slot = slots[name] { return slot }
      guard network.graph.constants[name] != nil else {
        throw GraphError("no value \(name) in the graph")
      }
      let slot = define(name)
      constants[name] = slot
      return slot
    }

    /// Adds a node, and the dropout on its first output's edge.
    mutating func add(_ index: Int) throws(GraphError) {
      let node = network.graph.nodes[index]
      let operation = try network.operators[index].get()
      var inputs: [Int?] = []
      for name in node.inputs { inputs.append(name.isEmpty ? nil : try slot(of: name)) }
      guard let computation = computation(index, operation) else {
        // What changes nothing needs no step: its result is what it reads.
        slots[node.outputs[0]] = inputs[0]
        try dropOnEdge(node.outputs[0])
        return
      }
      let made = node.outputs.first { !$0.isEmpty } ?? ""
      steps.append(
        Step(
          name: node.name, opType: node.opType, computation: computation.0,
          // The streams of `Network.run`, so that a run can show what training dropped.
          site: RandomStream.site(named: computation.1 ?? "node of \(made)"), inputs: inputs,
          outputs: node.outputs.map { $0.isEmpty ? nil : define($0) }))
      for name in node.outputs where !name.isEmpty { try dropOnEdge(name) }
    }

    /// What computes a node, and the name of its stream where that is not the node's own; nil where
    /// the node changes nothing.
    private func computation(
      _ index: Int, _ operation: any Operator
    ) -> (any Computation, String?)? {
      let node = network.graph.nodes[index]
      let makesOne = node.outputs.dropFirst().allSatisfy(\.isEmpty)
      if operation is Identity { return nil }
      if operation is DropoutOperator, makesOne {
        guard mode == .train || scaling == .weight else { return nil }
        guard let rate = ownRates[node.outputs[0]] else { return (operation, nil) }
        guard rate.p > 0 else { return nil }
        return (
          EdgeDropout(
            dropout: Dropout(ElementDropout(), rate: rate, scaling: scaling), anyRank: true), nil
        )
      }
      if let made = node.outputs.first, let dropout = dropouts[made],
        dropout.kind.target == .weights, mode == .train, let weights = network.weights(of: index)
      {
        return (
          DroppedWeights(operation: operation, position: weights.input, dropout: dropout), made
        )
      }
      if let read = node.inputs.first, let dropout = dropouts[read],
        dropout.kind.target == .pool, let pool = operation as? any PoolWithDropout
      {
        return (DroppedPool(pool: pool, dropout: dropout), read)
      }
      return (operation, nil)
    }

    /// Adds the dropout on a value's edge, if there is one; later steps read what it leaves.
    mutating func dropOnEdge(_ name: String) throws(GraphError) {
      guard let dropout = dropouts[name] else { return }
      let target = dropout.kind.target
      guard target == .activation || target == .input else { return }
      guard mode == .train || (dropout.scaling == .weight && dropout.kind.takesScaling) else {
        return
      }
      let read = try slot(of: name)
      steps.append(
        Step(
          name: "dropout at \(name)", opType: "dropout",
          computation: EdgeDropout(dropout: dropout, anyRank: false),
          site: RandomStream.site(named: name), inputs: [read], outputs: [define(name)]))
    }
  }
}
