import TensorCore

/// What a forward pass leaves behind for the backward pass, and the constants it starts from.
struct Tape: Sendable {
  /// Values by slot.
  var values: [Value?]
  /// All that each step made, in the order of the steps.
  var made: [[Value]] = []
  /// The gradients that have been found so far, by slot.
  var gradients: [Tensor?] = []

  /// Lets go of everything but the constants.
  mutating func clear(_ schedule: Schedule) {
    (made, gradients) = ([], [])
    let kept = Set(schedule.constants.values)
    for slot in values.indices where !kept.contains(slot) { values[slot] = nil }
  }
}

/// A schedule with what its backward pass has to find out.
struct DifferentiableSchedule: Sendable {
  let schedule: Schedule
  /// The inputs of each step, by position, whose gradient somebody reads.
  private let wanted: [Set<Int>]
  /// The parameters by name whose gradient is complete after each step's backward pass.
  private let completed: [[(name: String, slot: Int)]]

  /// - Parameter parameters: the names of the constants whose gradients are asked for
  init(_ schedule: Schedule, parameters: [String]) {
    self.schedule = schedule
    var needing = Set<Int>()
    var firstReader: [Int: Int] = [:]
    let slots = parameters.compactMap { name in
      schedule.constants[name].map { (name: name, slot: $0) }
    }
    needing.formUnion(slots.map(\.slot))
    var wanted: [Set<Int>] = []
    for (index, step) in schedule.steps.enumerated() {
      let own = step.inputs.indices.filter { step.inputs[$0].map(needing.contains) ?? false }
      wanted.append(Set(own))
      if !own.isEmpty { needing.formUnion(step.outputs.compactMap { $0 }) }
      for slot in step.inputs.compactMap({ $0 }) where firstReader[slot] == nil {
        firstReader[slot] = index
      }
    }
    var completed = [[(name: String, slot: Int)]](repeating: [], count: schedule.steps.count)
    for parameter in slots {
      if let reader = firstReader[parameter.slot] { completed[reader].append(parameter) }
    }
    (self.wanted, self.completed) = (wanted, completed)
  }

  /// Computes all steps and keeps what they made.
  func forward(
    _ x: Tensor, _ tape: inout Tape, _ context: RunContext
  ) throws(GraphError) -> Tensor {
    try schedule.check(x)
    tape.values[schedule.inputSlot] = .float32(x)
    for index in schedule.steps.indices {
      tape.made.append(try schedule.run(index, &tape.values, context))
      // What no gradient passes through is of no more use once it has been read.
      guard wanted[index].isEmpty else { continue }
      tape.made[index] = []
    }
    guard case .float32(let y)? = tape.values[schedule.outputSlot] else {
      throw GraphError("the network's output is not float32")
    }
    return y
  }

  /// Starts the backward pass at the output.
  func start(_ tape: inout Tape, gradient: consuming Tensor) {
    tape.gradients = [Tensor?](repeating: nil, count: schedule.slotCount)
    tape.gradients[schedule.outputSlot] = gradient
  }

  /// Passes one step backward; steps are passed in reverse order, so sums of gradients always have the
  /// same order too. What the step made and the gradient by it are let go.
  /// - Returns: the parameters whose gradients are now complete.
  func backward(
    _ index: Int, _ tape: inout Tape
  ) throws(GraphError) -> [(name: String, slot: Int, gradient: Tensor)] {
    let step = schedule.steps[index]
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
    let step = schedule.steps[index]
    let pass = BackwardPass(
      inputs: schedule.inputs(of: index, tape.values), outputs: tape.made[index],
      gradients: gradients, wanted: wanted[index])
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
