import Masks
import TensorCore

/// A graph as steps that run one after another, with values in numbered slots instead of under names:
/// what is worked out once so that runs need not.
struct Schedule: Sendable {
  /// One step: a node, or a dropout on an edge.
  struct Step: Sendable {
    /// The node's name, for messages.
    let name: String
    let opType: String
    var computation: any Computation
    /// Where its random numbers come from.
    let site: UInt32
    /// The slots it reads; nil where an optional input is left out.
    let inputs: [Int?]
    /// The slots it fills; nil for what nobody wants.
    var outputs: [Int?]
    /// Slots that no later step reads; not those of constants.
    var lastReads: [Int] = []
  }

  private(set) var steps: [Step] = []
  /// The graph's constants that some step reads, by name.
  private(set) var constants: [String: Int] = [:]
  /// The graph's one input.
  let input: Graph.Input
  private(set) var inputSlot = 0
  /// The slot of the value that is wanted.
  private(set) var outputSlot = 0
  private(set) var slotCount = 0

  /// Dropouts by the value they act on.
  typealias Dropouts = [String: Dropout]

  /// The steps that make `wanted` of a network with one input.
  /// - Parameters:
  ///   - dropouts: on edges, beside the graph's own Dropout nodes
  ///   - scaling: what makes up for what the graph's own Dropout nodes drop
  /// - Throws: `GraphError` where an operator is missing or there is not one input.
  init(
    _ network: Network, making wanted: String, mode: Mode, dropouts: Dropouts = [:],
    scaling: Scaling = .inverted
  ) throws(GraphError) {
    guard network.graph.inputs.count == 1, network.graph.inputs[0].type == .float32 else {
      let found = network.graph.inputs.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
      throw GraphError("expected one float32 input, found \(found.isEmpty ? "none" : found)")
    }
    input = network.graph.inputs[0]
    var build = Build(network: network, mode: mode, dropouts: dropouts, scaling: scaling)
    inputSlot = build.define(input.name)
    try build.dropOnEdge(input.name)
    let needed = try network.nodesNeeded([wanted])
    for index in network.graph.nodes.indices where needed.contains(index) {
      try build.add(index)
    }
    outputSlot = try build.slot(of: wanted)
    (steps, constants, slotCount) = (build.steps, build.constants, build.slotCount)
    fuse()
    findLastReads()
  }

  /// Notes for each slot the last step that reads it, or makes it where none does.
  private mutating func findLastReads() {
    let kept = Set(constants.values).union([outputSlot])
    var seen = kept
    for index in steps.indices.reversed() {
      for slot in (steps[index].inputs + steps[index].outputs).compactMap({ $0 })
      where seen.insert(slot).inserted {
        steps[index].lastReads.append(slot)
      }
    }
  }

  /// Puts a ReLU into the step before it that can do both at once, where nobody else reads what lies
  /// between.
  private mutating func fuse() {
    var readers = [Int](repeating: 0, count: slotCount)
    for step in steps { for slot in step.inputs.compactMap({ $0 }) { readers[slot] += 1 } }
    var makers = [Int?](repeating: nil, count: slotCount)
    var fused = Set<Int>()
    for index in steps.indices {
      for slot in steps[index].outputs.compactMap({ $0 }) { makers[slot] = index }
      guard steps[index].computation is Relu, let slot = steps[index].inputs[0],
        readers[slot] == 1, slot != outputSlot, let maker = makers[slot],
        let both = FusedRelu(steps[maker].computation)
      else { continue }
      steps[maker].computation = both
      steps[maker].outputs = steps[index].outputs
      makers[steps[index].outputs[0] ?? slot] = maker
      fused.insert(index)
    }
    steps = steps.indices.filter { !fused.contains($0) }.map { steps[$0] }
  }
}

extension Schedule {
  /// Computes one step, and puts what it makes into its slots.
  /// - Returns: all that it makes, also what has no slot.
  func run(
    _ index: Int, _ values: inout [Value?], _ context: RunContext
  ) throws(GraphError) -> [Value] {
    var context = context
    context.stream.site = steps[index].site
    let made: [Value]
    do {
      made = try steps[index].computation.forward(inputs(of: index, values), context)
    } catch {
      throw GraphError(node: steps[index].name, error)
    }
    for (position, slot) in steps[index].outputs.enumerated() {
      if let slot { values[slot] = made[position] }
    }
    return made
  }

  /// What a step reads.
  func inputs(of index: Int, _ values: [Value?]) -> Inputs<Value> {
    Inputs(steps[index].opType, steps[index].inputs.map { slot in slot.flatMap { values[$0] } })
  }

  /// - Throws: `GraphError` where the network takes no such input.
  func check(_ x: Tensor) throws(GraphError) {
    guard input.accepts(x.shape) else {
      throw GraphError(
        "input \(input.name): expected float32 \(input.shapeText), found float32 \(x.shape)")
    }
  }
}
