import Masks
public import TensorCore

/// A network made ready for many inferences: what can be worked out once is, Dropout nodes are passed
/// over, values are let go after their last reader. It gives what `Network.run` gives for the graph's
/// first output.
public struct Predictor: Sendable {
  private let schedule: Schedule
  private let constants: [Value?]

  /// A predictor of the first output of a graph with one input.
  /// - Throws: `GraphError` where an operator is missing, or the graph has no such input or output.
  public init(_ graph: Graph) throws(GraphError) {
    guard let output = graph.outputs.first else { throw GraphError("the graph has no output") }
    let schedule = try Schedule(Network(graph), making: output, mode: .eval)
    self.init(schedule) { graph.constants[$0] }
  }

  /// A predictor that follows a schedule, with constants by name.
  init(_ schedule: Schedule, constant: (String) -> Value?) {
    self.schedule = schedule
    var values = [Value?](repeating: nil, count: schedule.slotCount)
    for (name, slot) in schedule.constants { values[slot] = constant(name) }
    constants = values
  }

  /// The output for a batch.
  /// - Throws: `GraphError` where the network takes no such input, or a node cannot be computed.
  public func predict(_ x: Tensor) throws(GraphError) -> Tensor {
    try schedule.check(x)
    var values = constants
    values[schedule.inputSlot] = .float32(x)
    let context = RunContext()
    for index in schedule.steps.indices {
      _ = try schedule.run(index, &values, context)
      for slot in schedule.steps[index].lastReads { values[slot] = nil }
    }
    guard case .float32(let y)? = values[schedule.outputSlot] else {
      throw GraphError("the network's output is not float32")
    }
    return y
  }
}
