import NeuralNet

/// A race under way: a value that can go on from wherever it is, to the same bits. Its variants know
/// nothing of each other, so that neither their order nor what another one does changes any.
public struct Race: Sendable {
  /// What is done.
  public private(set) var job: RaceJob
  /// Makes the training of a variant with a seed, at its first step or where it was kept.
  private let training: Maker
  /// Which of the seeds is under way; as many as there are when all are done.
  public private(set) var seedIndex = 0
  /// The trainings with that seed, one a variant.
  public private(set) var lanes: [TrainingRun] = []
  /// What the variants came to, by seed and variant; nil where one is not at its end.
  public private(set) var outcomes: [[RaceOutcome?]]

  /// Makes the training of a variant, by its number, with a seed.
  public typealias Maker =
    @Sendable (_ index: Int, _ variant: RaceVariant, _ seed: UInt64) throws -> TrainingRun

  /// A race at its start.
  /// - Parameter training: makes the training of a variant with a seed: at its first step, or as far as
  ///   it was kept
  public init(
    _ job: RaceJob,
    training: @escaping Maker
  ) {
    precondition(!job.variants.isEmpty && !job.seeds.isEmpty, "a race of nothing")
    (self.job, self.training) = (job, training)
    outcomes = job.seeds.map { _ in job.variants.map { _ in nil } }
  }

  /// Races to the end, or until `shouldContinue`, asked after every batch, says no.
  /// - Parameters:
  ///   - seconds: the time on a clock of the caller's
  ///   - tell: hears how it goes on, with the race as it is by then; what it throws ends the race
  /// - Throws: `RaceProblem`, what makes a training, or what `tell` throws.
  public mutating func run(
    seconds: () -> Double, while shouldContinue: () -> Bool,
    tell: (RaceEvent, Race) throws -> Void
  ) throws {
    while true {
      let event = try advance(seconds: seconds, while: shouldContinue)
      try tell(event, self)
      switch event {
      case .batch, .outcome: if !shouldContinue() { return try tell(.stopped, self) }
      case .epoch: break
      case .stopped, .done: return
      }
    }
  }

  /// Goes on by the least there is, in the variant that is furthest behind.
  public mutating func advance(
    seconds: () -> Double, while shouldContinue: () -> Bool
  ) throws -> RaceEvent {
    guard seedIndex < job.seeds.count else { return .done }
    try makeLanes()
    guard let variant = furthestBehind else {
      seedIndex += 1
      // The last ones stay, to be looked at.
      if seedIndex < job.seeds.count { lanes = [] }
      return try advance(seconds: seconds, while: shouldContinue)
    }
    do {
      switch try lanes[variant].advance(seconds: seconds, while: shouldContinue) {
      case .batch: return .batch(variant: variant)
      case .epoch(let record): return .epoch(variant: variant, record)
      case .stopped: return .stopped
      case .done:
        guard let outcome = try outcome(of: lanes[variant], shouldContinue) else { return .stopped }
        outcomes[seedIndex][variant] = outcome
        return .outcome(variant: variant, outcome)
      }
    } catch let problem as TrainingProblem {
      throw RaceProblem(variant: variant, seed: job.seeds[seedIndex], problem)
    }
  }

  /// Makes the trainings with the seed under way, where that was not done.
  private mutating func makeLanes() throws {
    guard lanes.isEmpty, seedIndex < job.seeds.count else { return }
    lanes = try job.variants.indices.map {
      try training($0, job.variants[$0], job.seeds[seedIndex])
    }
  }

  /// The training of a variant, at its first step where it has not begun.
  /// - Throws: what makes a training.
  mutating func lane(_ variant: Int) throws -> TrainingRun {
    try makeLanes()
    return lanes[variant]
  }

  /// Goes on with a variant otherwise than before, from the next batch on: weights, what the optimiser
  /// remembers and the place in the images stay as they are.
  /// - Throws: what makes a training; then nothing is changed.
  public mutating func change(_ variant: Int, to changes: TrainingChanges) throws {
    var changed = job.variants[variant]
    changed.changes = changes
    if lanes.indices.contains(variant) {
      let before = lanes[variant]
      var after = try training(variant, changed, job.seeds[seedIndex])
      try after.trainer.restore(before.trainer.snapshot)
      (after.records, after.sums) = (before.records, before.sums)
      lanes[variant] = after
    }
    job.variants[variant] = changed
  }

  /// Adds a variant at its start: it catches up with the others before they go on.
  public mutating func add(_ variant: RaceVariant) throws {
    let index = job.variants.count
    // What the last seed came to is still there where all is over; the new one is trained on it.
    let seed = min(seedIndex, job.seeds.count - 1)
    if !lanes.isEmpty { lanes.append(try training(index, variant, job.seeds[seed])) }
    job.variants.append(variant)
    for seed in outcomes.indices { outcomes[seed].append(nil) }
    guard let first = outcomes.firstIndex(where: { $0.contains { $0 == nil } }) else { return }
    if first != seed { lanes = [] }
    seedIndex = first
  }

  /// The first of those with the fewest steps that are not at their end.
  private var furthestBehind: Int? {
    lanes.indices.filter { outcomes[seedIndex][$0] == nil }
      .min { lanes[$0].trainer.stepCount < lanes[$1].trainer.stepCount }
  }

  private func outcome(
    of lane: TrainingRun, _ shouldContinue: () -> Bool
  ) throws -> RaceOutcome? {
    guard let right = try lane.heldOutRight(while: shouldContinue) else { return nil }
    var outcome = RaceOutcome(records: lane.records, right: right)
    if job.masks > 0 {
      guard let found = try lane.monteCarlo(masks: job.masks, while: shouldContinue) else {
        return nil
      }
      outcome.monteCarlo = found
    }
    return outcome
  }

  /// The whole of what it came to; nil where it is not at its end.
  public var results: [[RaceOutcome]]? {
    let found = outcomes.map { $0.compactMap { $0 } }
    return found.allSatisfy { $0.count == job.variants.count } ? found : nil
  }
}
