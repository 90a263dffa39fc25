import TensorCore

extension Plan {
  /// What a forward pass leaves behind for the backward pass, and the constants it starts from.
  struct Tape: Sendable {
    /// Values by slot.
    var values: [Value?]
    /// All that each step made, in the order of the steps.
    var made: [[Value]] = []
    /// The gradients that have been found so far, by slot.
    var gradients: [Tensor?] = []

    /// Lets go of everything but the constants.
    mutating func clear(_ plan: Plan) {
      (made, gradients) = ([], [])
      let kept = Set(plan.constants.values)
      for slot in values.indices where !kept.contains(slot) { values[slot] = nil }
    }
  }

  /// A plan of one wanted value, with what its backward pass has to find out.
  struct Differentiable: Sendable {
    let plan: Plan
    private let inputs: [(input: Graph.Input, slot: Int?)]
    private let outputSlot: Int
    /// The inputs of each step, by position, whose gradient somebody reads.
    private let wanted: [Set<Int>]
    /// The parameters by name whose gradient is complete after each step's backward pass.
    private let completed: [[(name: String, slot: Int)]]
    /// The slots of running statistics that steps bring up to date: those of mean and variance.
    let statistics: [(step: Int, slots: [Int])]

    /// - Parameters:
    ///   - parameters: the names of the constants whose gradients are asked for
    /// - Throws: `GraphError` where the output depends on none of the inputs.
    init(_ plan: Plan, inputs: [Graph.Input], parameters: [String]) throws(GraphError) {
      let inputs = inputs.map { (input: $0, slot: plan.inputSlot($0.name)) }
      guard inputs.contains(where: { $0.slot != nil }), let output = plan.outputSlot else {
        let names = inputs.map(\.input.name).joined(separator: ", ")
        throw GraphError("the output does not depend on input \(names)")
      }
      var plan = plan
      plan.forgetKeptWeights()
      (self.plan, self.inputs, outputSlot) = (plan, inputs, output)
      let slots = parameters.compactMap { name in
        plan.constants[name].map { (name: name, slot: $0) }
      }
      var needing = Set(slots.map(\.slot))
      var firstReader: [Int: Int] = [:]
      var wanted: [Set<Int>] = []
      for (index, step) in plan.steps.enumerated() {
        let own = step.inputs.indices.filter { step.inputs[$0].map(needing.contains) ?? false }
        wanted.append(Set(own))
        if !own.isEmpty { needing.formUnion(step.outputs.compactMap { $0 }) }
        for slot in step.inputs.compactMap({ $0 }) where firstReader[slot] == nil {
          firstReader[slot] = index
        }
      }
      var completed = [[(name: String, slot: Int)]](repeating: [], count: plan.steps.count)
      for parameter in slots {
        if let reader = firstReader[parameter.slot] { completed[reader].append(parameter) }
      }
      (self.wanted, self.completed) = (wanted, completed)
      let constants = Set(plan.constants.values)
      statistics = plan.steps.enumerated().compactMap { index, step in
        guard step.computation is BatchNormalization, step.inputs.count >= 5 else { return nil }
        let slots = step.inputs[3...4].compactMap { $0 }.filter(constants.contains)
        return slots.count == 2 ? (index, slots) : nil
      }
    }

    /// A tape that starts from the plan's constants.
    var tape: Tape { Tape(values: plan.start) }

    /// Computes all steps and keeps what they made.
    func forward(
      _ x: [Value], _ tape: inout Tape, _ context: RunContext
    ) throws(GraphError) -> Tensor {
      try Plan.check(x.count, of: inputs.map(\.input))
      for ((input, slot), value) in zip(inputs, x) {
        let value = try Plan.checked(value, for: input)
        if let slot { tape.values[slot] = value }
      }
      var work = 0
      for index in plan.steps.indices {
        tape.made.append(try plan.perform(index, &tape.values, context, work: &work))
        // What no gradient passes through is of no more use once it has been read.
        guard wanted[index].isEmpty else { continue }
        tape.made[index] = []
      }
      guard let y = tape.values[outputSlot]?.tensor else {
        throw GraphError("the network's output is not float32")
      }
      return y
    }

    /// Starts the backward pass at the output, where there is the memory for it: half of one would leave
    /// some parameters a step behind the others.
    /// - Throws: `GraphError` where there is not.
    func start(_ tape: inout Tape, gradient: consuming Tensor) throws(GraphError) {
      // A gradient for each input of a step, and what it is summed from.
      let most =
        plan.steps.indices.filter { !wanted[$0].isEmpty }
        .map { plan.inputs(of: $0, tape.values).bytes }.max() ?? 0
      do {
        try MemoryBudget.reserve(
          most.saturatingMultiplied(by: 2), in: "training", for: "the gradients")
      } catch {
        throw GraphError(node: nil, error)
      }
      tape.gradients = [Tensor?](repeating: nil, count: plan.slotCount)
      tape.gradients[outputSlot] = gradient
    }

    /// Passes one step backward; steps are passed in reverse order, so sums of gradients always have
    /// the same order too. What the step made and the gradient by it are let go.
    /// - Returns: the parameters whose gradients are now complete.
    func backward(
      _ index: Int, _ tape: inout Tape
    ) throws(GraphError) -> [(name: String, slot: Int, gradient: Tensor)] {
      let step = plan.steps[index]
      var gradients = [Tensor?](repeating: nil, count: tape.made[index].count)
      for (position, slot) in step.outputs.enumerated() {
        guard let slot, position < gradients.count else { continue }
        gradients[position] = tape.gradients[slot]
        tape.gradients[slot] = nil
        tape.values[slot] = nil
      }
      if !wanted[index].isEmpty, gradients.contains(where: { $0 != nil }) {
        try pass(index, &tape, &gradients)
      }
      return completed[index].map { name, slot in
        let gradient = tape.gradients[slot]
        tape.gradients[slot] = nil
        return (name, slot, gradient ?? Tensor(tape.values[slot]?.shape ?? [], repeating: 0))
      }
    }

    private func pass(
      _ index: Int, _ tape: inout Tape, _ gradients: inout [Tensor?]
    ) throws(GraphError) {
      let step = plan.steps[index]
      let pass = BackwardPass(
        inputs: plan.inputs(of: index, tape.values).computed,
        outputs: tape.made[index].map(\.computed), gradients: gradients, wanted: wanted[index])
      // The pass holds the only copies, so that the step may change them in place.
      gradients = []
      tape.made[index] = []
      var found: [Tensor?]
      do {
        found = try step.computation.backward(pass)
      } catch {
        throw GraphError(node: step.name, error)
      }
      for position in found.indices where wanted[index].contains(position) {
        guard let slot = step.inputs[position], let gradient = found[position] else { continue }
        found[position] = nil
        if tape.gradients[slot] == nil {
          tape.gradients[slot] = gradient
        } else {
          tape.gradients[slot]?.add(gradient)
        }
      }
    }
  }
}
