public import NeuralNet
import TensorCore

/// Training under way: a value that can go on from wherever it is, to the same weights.
public struct TrainingRun: Sendable {
  /// What is done.
  public let job: TrainingJob
  /// What is learnt from.
  public let images: TrainingSamples
  /// The network as far as it has learnt.
  public var trainer: Trainer
  /// The same network without its dropout, as it stood when it last trained; nil where dropout acts in
  /// every epoch.
  private var other: Trainer?
  /// Whether `trainer` is the one with dropout.
  private var isActing = true
  /// What the epochs that are over came to.
  public var records: [EpochRecord] = []
  /// Sums over the epoch under way.
  public var sums = EpochSums()
  /// The order of the epoch under way, once it was worked out.
  private var order: (epoch: Int, indices: [Int])?

  /// A job from where its trainer is.
  /// - Parameter resting: a trainer of the same network without dropout, for a job in which dropout acts
  ///   in some epochs only
  public init(
    _ job: TrainingJob, _ images: TrainingSamples, _ trainer: Trainer, resting: Trainer? = nil
  ) {
    precondition((resting == nil) == (job.dropoutEpochs == nil), "no trainer for some epochs")
    (self.job, self.images, self.trainer, other) = (job, images, trainer, resting)
  }

  /// Trains to the last epoch, or until `shouldContinue`, asked after every batch, says no.
  /// - Parameters:
  ///   - seconds: the time on a clock of the caller's
  ///   - tell: hears how it goes on, with the run as it is by then; what it throws ends training
  /// - Throws: `TrainingProblem`, or what `tell` throws.
  public mutating func run(
    seconds: () -> Double, while shouldContinue: () -> Bool,
    tell: (TrainingEvent, TrainingRun) throws -> Void
  ) throws {
    while true {
      let event = try advance(seconds: seconds, while: shouldContinue)
      try tell(event, self)
      switch event {
      case .batch: if !shouldContinue() { return try tell(.stopped, self) }
      case .epoch: break
      case .stopped, .done: return
      }
    }
  }

  /// Goes on by the least there is: one batch, or what is measured at an epoch's end.
  /// - Parameter shouldContinue: asked while it measures, which is left undone where it says no
  /// - Throws: `TrainingProblem`.
  public mutating func advance(
    seconds: () -> Double, while shouldContinue: () -> Bool
  ) throws -> TrainingEvent {
    guard trainer.epoch < job.epochs else { return .done }
    if trainer.position < trained {
      try trainBatch(seconds)
      return .batch
    }
    guard let record = try finishedEpoch(shouldContinue) else { return .stopped }
    records.append(record)
    sums = EpochSums()
    trainer.epoch += 1
    trainer.position = 0
    return .epoch(record)
  }

  /// The samples as streams, where states go on from one to the next; nil where they do not.
  private var streams: Streams? {
    trainer.carriesStates ? Streams(count: images.training.count, most: job.batch) : nil
  }

  /// Samples of an epoch.
  private var trained: Int { streams?.count ?? images.training.count }

  /// The samples in the order of the epoch under way: shuffled, or as they follow each other.
  private var epochOrder: [Int] {
    let order =
      streams?.order
      ?? Shuffle.order(count: images.training.count, seed: job.seed, epoch: trainer.epoch)
    return order.map { images.training[$0] }
  }

  private mutating func trainBatch(_ seconds: () -> Double) throws {
    try setActing(job.dropoutEpochs?.contains(trainer.epoch + 1) ?? true)
    if order?.epoch != trainer.epoch {
      order = (trainer.epoch, epochOrder)
    }
    if trainer.position == 0 { trainer.forgetStates() }
    let indices = order?.indices ?? []
    let shifted = images.set.shifted(by: job.shift, seed: job.seed, epoch: trainer.epoch)
    let started = seconds()
    let end = min(indices.count, trainer.position + job.batch)
    let batch = Array(indices[trainer.position..<end])
    let report: StepReport
    do {
      report = try trainer.step(try shifted.batch(batch))
    } catch TrainingError.diverged(let loss, _) {
      throw diverged("batch \(trainer.position / job.batch + 1): the loss is \(loss)")
    } catch TrainingError.graph(let error) {
      throw TrainingProblem.misfit("\(batch.count) \(images.set.unit)", error)
    }
    sums.loss += report.loss * Double(report.samples)
    sums.correct += report.correct
    sums.samples += report.samples
    sums.seconds += seconds() - started
    trainer.position = end
  }

  /// Goes on with the trainer that has dropout, or with the one that has none.
  mutating func setActing(_ acts: Bool) throws {
    guard acts != isActing, var next = other else { return }
    try next.restore(trainer.snapshot)
    other = trainer
    (trainer, isActing) = (next, acts)
  }

  func diverged(_ what: String) -> TrainingProblem {
    .diverged(epoch: trainer.epoch + 1, what)
  }
}

/// Samples that follow each other, cut into streams that stand side by side in batches: the sample of a
/// stream follows the one of the same place in the batch before.
struct Streams {
  private let width, steps: Int

  /// So many samples in at most so many streams; what is left over belongs to none.
  init(count: Int, most: Int) {
    width = max(1, min(most, count))
    steps = count / width
  }

  /// Samples of all streams.
  var count: Int { width * steps }

  /// The samples batch by batch.
  var order: [Int] { (0..<count).map { $0 % width * steps + $0 / width } }
}
