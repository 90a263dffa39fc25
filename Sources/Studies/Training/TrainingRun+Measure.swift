import Insight
import Masks
import NeuralNet
import TensorCore

/// What is measured when an epoch is over, dropout off.
extension TrainingRun {
  /// Images of one evaluated batch.
  static let evaluated = 250
  /// The most images trained on that are evaluated.
  private static let mostClean = 10_000

  /// Measures the epoch on what is held out, and on what was trained on where that is wanted.
  /// - Returns: nil where it was told to stop.
  mutating func finishedEpoch(_ shouldContinue: () -> Bool) throws -> EpochRecord? {
    guard trainer.weights.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
      throw diverged("its end: a weight is no finite number")
    }
    var record = EpochRecord(
      epoch: trainer.epoch + 1, step: trainer.stepCount, loss: sums.meanLoss,
      accuracy: sums.accuracy, seconds: sums.seconds, imagesPerSecond: sums.imagesPerSecond)
    let isLast = record.epoch == job.epochs
    let isWatched = trainer.optimizer.averages != nil
    guard isLast || isWatched || !job.measures.lastOnly else { return record }
    if !images.heldOut.isEmpty {
      guard let report = try evaluate(images.heldOut, of: images.heldOutSet, shouldContinue)
      else { return nil }
      guard report.loss.isFinite else {
        throw diverged("its end: the loss on images held out is \(report.loss)")
      }
      (record.heldOutLoss, record.heldOutAccuracy) = (report.loss, report.accuracy)
      if trainer.optimizer.averagesFrom == nil,
        trainer.optimizer.shouldAverage(after: (records + [record]).compactMap(\.heldOutLoss))
      {
        trainer.optimizer.averagesFrom = trainer.stepCount
      }
    }
    if isLast || job.measures.clean {
      let trained = Array(images.training.prefix(TrainingRun.mostClean))
      guard let report = try evaluate(trained, of: images.set, shouldContinue) else { return nil }
      (record.undroppedLoss, record.undroppedAccuracy) = (report.loss, report.accuracy)
    }
    if job.measures.layers {
      guard shouldContinue() else { return nil }
      record.layers = try layers()
      record.shifts = try shifts()
      record.weights = trainer.unitNorms.map(WeightRecord.init)
    }
    return record
  }

  private func evaluate(
    _ indices: [Int], of set: any Dataset, _ shouldContinue: () -> Bool
  ) throws -> StepReport? {
    var (report, indices, most) = (StepReport(), indices, TrainingRun.evaluated)
    var carried: CarriedStates.Values?
    if trainer.carriesStates {
      most = job.batch
      indices = Streams(count: indices.count, most: most).order.map { indices[$0] }
    }
    for start in stride(from: 0, to: indices.count, by: most) {
      guard shouldContinue() else { return nil }
      let part = Array(indices.dropFirst(start).prefix(most))
      try misfitting(part.count) {
        report.add(try trainer.evaluate([try set.batch(part)], from: &carried))
      }
    }
    return report
  }

  /// The first images held out, or where none are, the first trained on: the same images in every epoch, and
  /// for every training on the same data.
  var measured: (set: any Dataset, samples: [Int]) {
    let (set, indices) =
      images.heldOut.isEmpty
      ? (images.set, images.training) : (images.heldOutSet, images.heldOut)
    return (set, Array(indices.prefix(TrainingRun.evaluated)))
  }

  /// What units do on those.
  private func layers() throws -> [LayerRecord] {
    let (set, part) = measured
    let hidden = trainer.hiddenLayers
    guard !hidden.isEmpty, !part.isEmpty else { return [] }
    var found: [String: LayerRecord] = [:]
    try misfitting(part.count) {
      let batch = try set.batch(part)
      let plan = try trainer.plan(for: hidden.map(\.value))
      let byValue = Dictionary(hidden.map { ($0.value, $0) }) { first, _ in first }
      try plan.run(trainer.named(batch.inputs)) { value, made in
        guard let layer = byValue[value], let made = made.tensor, layer.unitAxis < made.shape.rank
        else { return }
        found[value] = LayerRecord(
          layer.name, UnitActivity(made, unitAxis: layer.unitAxis))
      }
    }
    return hidden.compactMap { found[$0.value] }
  }

  /// What dropout does on those to the variance that batch normalisations read; nil where there is none of
  /// the one or of the other.
  private func shifts() throws -> [ShiftRecord]? {
    let normalizations = trainer.normalizations
    let (set, part) = measured
    guard !normalizations.isEmpty, trainer.drops, !part.isEmpty else { return nil }
    var found: [ShiftRecord] = []
    try misfitting(part.count) {
      let inputs = trainer.named(try set.batch(part).inputs)
      let values = normalizations.map(\.value)
      let clean = try trainer.plan(for: values).run(inputs)
      let dropped = try trainer.plan(for: values, masksFrom: lookStream).run(inputs, step: lookStep)
      found = normalizations.compactMap { own in
        guard let before = clean.tensor(own.value), let after = dropped.tensor(own.value),
          let shift = VarianceShift(clean: before, dropped: after, keep: own.keep)
        else { return nil }
        return ShiftRecord(layer: own.name, measured: shift.measured, expected: shift.expected)
      }
    }
    return found
  }

  /// Masks that training never draws, for looks at it.
  var lookStream: RandomStream { RandomStream(seed: job.seed &+ 0x9E37_79B9_7F4A_7C15) }
  /// The number of their draw.
  var lookStep: UInt32 { UInt32(truncatingIfNeeded: trainer.stepCount) }

  /// What a network makes of a batch that does not fit it is told with the batch.
  func misfitting(_ count: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch TrainingError.graph(let error) {
      throw TrainingProblem.misfit("\(count) \(images.set.unit)", error)
    } catch let error as GraphError {
      throw TrainingProblem.misfit("\(count) \(images.set.unit)", error)
    }
  }
}

extension LayerRecord {
  fileprivate init(_ layer: String, _ activity: UnitActivity) {
    self.init(
      layer: layer, units: activity.units, zeros: activity.zeros, mean: activity.mean,
      correlation: activity.correlation, constant: activity.constant, dead: activity.dead)
  }
}

extension WeightRecord {
  fileprivate init(_ norms: Trainer.UnitNorms) {
    self.init(
      parameter: norms.parameter,
      mean: norms.norms.reduce(0, +) / Double(max(1, norms.norms.count)),
      largest: norms.norms.max() ?? 0, limit: norms.limit,
      // Weights are float32: scaled to the bound they lie within a few roundings of it.
      atLimit: norms.limit.map { limit in norms.norms.count { $0 >= limit * (1 - 1e-5) } })
  }
}
