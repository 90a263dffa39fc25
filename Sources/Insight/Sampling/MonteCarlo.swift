public import NeuralNet
import Synchronization
import TensorCore

/// Many masks of the same dropouts: run t draws them at step t. Only dropout is in training mode; a
/// network's batch normalisation uses its stored statistics throughout.
public struct MonteCarlo: Sendable {
  /// The network.
  public let network: Network
  /// Its run without dropout, where the runs start: what it lacks is computed with every mask.
  public let clean: Activations
  /// The dropouts; their steps are replaced.
  public let placements: [Placement]
  private let plan: Result<Plan, GraphError>

  /// Masks one task draws: fixed, so that sums come in the same order for any number of threads.
  static let chunk = 8

  /// Runs of a network under dropouts.
  /// - Parameters:
  ///   - wanted: the values that are looked at, beside the sites
  ///   - context: mode and seed of the model's own Dropout nodes
  public init(
    _ network: Network, clean: Activations, placements: [Placement], wanted: [String],
    context: RunContext
  ) {
    (self.network, self.clean, self.placements) = (network, clean, placements)
    plan = Result { () throws(GraphError) in
      try Plan(
        network, wanted: wanted + placements.map(\.site), placements: placements, from: clean,
        context: context)
    }
  }

  /// The run of one step.
  /// - Throws: `GraphError` where a kind cannot act at its site or a node cannot be computed.
  public func run(step: UInt32) throws(GraphError) -> Activations {
    try plan.get().run(step: step)
  }

  /// Adds the runs of some steps to a sum: chunks of them side by side, added in their order, so
  /// that the result does not depend on the number of threads.
  /// - Parameters:
  ///   - empty: a sum of nothing
  ///   - goesOn: asked before every run; where it says no the sum is as it was
  /// - Throws: `GraphError` as `run(step:)` does; the sum is then as it was.
  public func add<Sum: RunSum>(
    _ steps: Range<UInt32>, to sum: inout Sum, empty: Sum,
    while goesOn: @Sendable () -> Bool = { true }
  ) throws(GraphError) {
    let starts = Array(stride(from: steps.lowerBound, to: steps.upperBound, by: MonteCarlo.chunk))
    let none: [Result<Sum?, GraphError>] = starts.map { _ in .success(nil) }
    let parts = Mutex(none)
    Parallel.run(tasks: starts.count) { task in
      let end = min(steps.upperBound, starts[task] + UInt32(MonteCarlo.chunk))
      let own = Parallel.$threads.withValue(1) { part(starts[task]..<end, empty, goesOn) }
      parts.withLock { $0[task] = own }
    }
    var whole = sum
    for part in parts.withLock({ $0 }) {
      guard let part = try part.get() else { return }
      whole.add(part)
    }
    sum = whole
  }

  /// The sum of one chunk; nil where it was stopped.
  private func part<Sum: RunSum>(
    _ steps: Range<UInt32>, _ empty: Sum, _ goesOn: () -> Bool
  ) -> Result<Sum?, GraphError> {
    Result { () throws(GraphError) -> Sum? in
      var part = empty
      for step in steps {
        guard goesOn() else { return nil }
        part.add(try run(step: step))
      }
      return part
    }
  }
}

/// Something that runs are added up in.
public protocol RunSum: Sendable {
  /// How many runs.
  var count: Int { get }
  /// Adds one run.
  mutating func add(_ run: Activations)
  /// Adds what another sum holds.
  mutating func add(_ other: Self)
}
