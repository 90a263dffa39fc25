public import NeuralNet
import TensorCore

/// Training under way: a value that can go on from wherever it is, to the same weights.
public struct TrainingRun: Sendable {
  /// What is done.
  public let job: TrainingJob
  /// What is learnt from.
  public let images: TrainingImages
  /// The network as far as it has learnt.
  public var trainer: Trainer
  /// What the epochs that are over came to.
  public var records: [EpochRecord] = []
  /// Sums over the epoch under way.
  public var sums = EpochSums()

  /// Images of one evaluated batch.
  private static let evaluated = 250

  /// A job from where its trainer is.
  public init(_ job: TrainingJob, _ images: TrainingImages, _ trainer: Trainer) {
    (self.job, self.images, self.trainer) = (job, images, trainer)
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
    while trainer.epoch < job.epochs {
      guard try trainEpoch(seconds, shouldContinue, tell),
        let record = try finishedEpoch(shouldContinue)
      else { return try tell(.stopped, self) }
      records.append(record)
      sums = EpochSums()
      trainer.epoch += 1
      trainer.position = 0
      try tell(.epoch(record), self)
    }
    try tell(.done, self)
  }

  /// The batches of the epoch that are still to come.
  /// - Returns: whether it came to its end.
  private mutating func trainEpoch(
    _ seconds: () -> Double, _ shouldContinue: () -> Bool,
    _ tell: (TrainingEvent, TrainingRun) throws -> Void
  ) throws -> Bool {
    let order = Shuffle.order(
      count: images.training.count, seed: job.seed, epoch: trainer.epoch)
    let shifted = ShiftedImages(images.set, by: job.shift, seed: job.seed, epoch: trainer.epoch)
    while trainer.position < order.count {
      let started = seconds()
      let end = min(order.count, trainer.position + job.batch)
      let indices = order[trainer.position..<end].map { images.training[$0] }
      let report: StepReport
      do {
        report = try trainer.step(try images.batch(indices, of: shifted))
      } catch TrainingError.diverged(let loss, _) {
        throw diverged("batch \(trainer.position / job.batch + 1): the loss is \(loss)")
      } catch TrainingError.graph(let error) {
        throw TrainingProblem.misfit(images: indices.count, error)
      }
      sums.loss += report.loss * Double(report.samples)
      sums.correct += report.correct
      sums.samples += report.samples
      sums.seconds += seconds() - started
      trainer.position = end
      try tell(.batch, self)
      if !shouldContinue() { return false }
    }
    return true
  }

  /// Measures the epoch on what is held out, after the last also on what was trained on.
  /// - Returns: nil where it was told to stop.
  private func finishedEpoch(_ shouldContinue: () -> Bool) throws -> EpochRecord? {
    guard trainer.weights.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
      throw diverged("its end: a weight is no finite number")
    }
    var record = EpochRecord(
      epoch: trainer.epoch + 1, step: trainer.stepCount, loss: sums.meanLoss,
      accuracy: sums.accuracy, seconds: sums.seconds, imagesPerSecond: sums.imagesPerSecond)
    if !images.heldOut.isEmpty {
      guard let report = try evaluate(images.heldOut, of: images.heldOutSet, shouldContinue)
      else { return nil }
      guard report.loss.isFinite else {
        throw diverged("its end: the loss on images held out is \(report.loss)")
      }
      (record.heldOutLoss, record.heldOutAccuracy) = (report.loss, report.accuracy)
    }
    if record.epoch == job.epochs {
      let trained = Array(images.training.prefix(10_000))
      guard let report = try evaluate(trained, of: images.set, shouldContinue) else { return nil }
      (record.undroppedLoss, record.undroppedAccuracy) = (report.loss, report.accuracy)
    }
    return record
  }

  private func evaluate(
    _ indices: [Int], of set: any LabelledImages, _ shouldContinue: () -> Bool
  ) throws -> StepReport? {
    var report = StepReport()
    for start in stride(from: 0, to: indices.count, by: TrainingRun.evaluated) {
      guard shouldContinue() else { return nil }
      let part = indices.dropFirst(start).prefix(TrainingRun.evaluated)
      do {
        report.add(try trainer.evaluate([try images.batch(Array(part), of: set)]))
      } catch TrainingError.graph(let error) {
        throw TrainingProblem.misfit(images: part.count, error)
      }
    }
    return report
  }

  private func diverged(_ what: String) -> TrainingProblem {
    .diverged(epoch: trainer.epoch + 1, what)
  }
}
