import Formats
import NeuralNet
import Scope
import TensorCore
import TerminalUI

/// Training under way: epochs of batches, a checkpoint after each epoch, an end when a person asks
/// for one.
struct TrainingSession {
  let plan: TrainingPlan
  let settings: TrainSettings
  let data: TrainingData
  let normalization: Normalization
  let files: TrainingFiles
  var trainer: Trainer
  var records: [EpochRecord] = []
  var sums = TrainingState.EpochSums()
  var display = ProgressDisplay()

  /// Images of one evaluated batch.
  private static let evaluated = 250

  /// Trains to the last epoch, or until a signal comes.
  /// - Returns: the signal; nil where training is over.
  /// - Throws: `Failure` of code `diverged`, or an error of writing; the last checkpoint is kept.
  mutating func run() throws -> Int32? {
    let log = try files.startLog(records)
    display.write(introduction)
    // The state may be further than the network, where something came between the two.
    if trainer.epoch >= plan.epochs { try save() }
    while trainer.epoch < plan.epochs {
      guard try trainEpoch(), let record = try finishedEpoch() else {
        try save()
        let signal = Interruption.signal
        display.write(
          "stopped in epoch \(trainer.epoch + 1); go on with: "
            + "dropscope train --resume -o \(files.output)")
        return signal
      }
      records.append(record)
      sums = TrainingState.EpochSums()
      trainer.epoch += 1
      trainer.position = 0
      try save()
      try log.append(record)
      display.write(TrainingText.line(record, of: plan.epochs))
    }
    for line in conclusion { display.write(line) }
    display.draw(curves)
    try files.writePlot(curves)
    if let problem = display.problem { throw problem }
    return nil
  }

  /// The batches of the epoch that are still to come.
  /// - Returns: whether it came to its end.
  private mutating func trainEpoch() throws -> Bool {
    let order = Shuffle.order(
      count: data.training.count, seed: plan.seed, epoch: trainer.epoch)
    let images = ShiftedImages(data.set, by: plan.shift, seed: plan.seed, epoch: trainer.epoch)
    while trainer.position < order.count {
      let started = ContinuousClock.now
      let end = min(order.count, trainer.position + plan.batch)
      let indices = order[trainer.position..<end].map { data.training[$0] }
      let report: StepReport
      do {
        report = try trainer.step(try batch(indices, of: images))
      } catch TrainingError.diverged(let loss, _) {
        throw diverged(
          "batch \(trainer.position / plan.batch + 1): the loss is \(loss)")
      } catch TrainingError.graph(let error) {
        throw misfit(indices.count, error)
      }
      sums.loss += report.loss * Double(report.samples)
      sums.correct += report.correct
      sums.samples += report.samples
      sums.seconds += (ContinuousClock.now - started).seconds
      trainer.position = end
      display.show(moment)
      if Interruption.signal != nil { return false }
    }
    return true
  }

  /// Measures the epoch on what is held out, after the last also on what was trained on.
  /// - Returns: nil where a signal came.
  private mutating func finishedEpoch() throws -> EpochRecord? {
    guard trainer.weights.values.allSatisfy({ $0.elements.allSatisfy(\.isFinite) }) else {
      throw diverged("its end: a weight is no finite number")
    }
    var record = EpochRecord(
      epoch: trainer.epoch + 1, step: trainer.stepCount, loss: sums.meanLoss,
      accuracy: sums.accuracy, seconds: sums.seconds, imagesPerSecond: sums.imagesPerSecond)
    if !data.heldOut.isEmpty {
      guard let report = try evaluate(data.heldOut, of: data.heldOutSet) else { return nil }
      guard report.loss.isFinite else {
        throw diverged("its end: the loss on images held out is \(report.loss)")
      }
      (record.heldOutLoss, record.heldOutAccuracy) = (report.loss, report.accuracy)
    }
    if record.epoch == plan.epochs {
      guard let report = try evaluate(Array(data.training.prefix(10_000)), of: data.set) else {
        return nil
      }
      (record.undroppedLoss, record.undroppedAccuracy) = (report.loss, report.accuracy)
    }
    return record
  }

  private func evaluate(_ indices: [Int], of set: any LabelledImages) throws -> StepReport? {
    var report = StepReport()
    for start in stride(from: 0, to: indices.count, by: TrainingSession.evaluated) {
      if Interruption.signal != nil { return nil }
      let part = indices.dropFirst(start).prefix(TrainingSession.evaluated)
      do {
        report.add(try trainer.evaluate([try batch(Array(part), of: set)]))
      } catch TrainingError.graph(let error) {
        throw misfit(part.count, error)
      }
    }
    return report
  }

  private func batch(_ indices: [Int], of set: any LabelledImages) throws -> Batch {
    var images = normalization.applied(to: set.images(indices))
    if plan.graph.inputs[0].dims.count == 2 {
      images = try images.reshaped(to: [indices.count, images.count / max(1, indices.count)])
    }
    return Batch(images, .labels(set.labels(indices)))
  }

  /// A network that takes no such batch: one whose sizes leave no room for it, for instance.
  private func misfit(_ images: Int, _ error: GraphError) -> Failure {
    Failure(.badData, "\(plan.name): a batch of \(images) images: \(error)")
  }

  private func diverged(_ what: String) -> Failure {
    let kept =
      records.last.map { "the checkpoint of epoch \($0.epoch) is kept in \(files.output)" }
      ?? "no epoch was finished, nothing was written"
    return Failure(.diverged, "epoch \(trainer.epoch + 1), \(what): training diverged; \(kept)")
  }

  /// Writes the state, then the network: whatever happens between, `--resume` goes on from the state.
  private func save() throws {
    let state = TrainingState(
      settings: settings, data: data.metadata, snapshot: trainer.snapshot, records: records,
      sums: sums)
    var graph = try trainer.graph
    graph.metadata.merge(metadata) { _, new in new }
    try files.write(state: try state.bytes, network: graph)
  }

  private var metadata: [String: String] {
    var metadata = data.metadata
    metadata["normalize"] = settings["normalize"]
    // A model that is trained on keeps saying what it is; where it came from stands beside it.
    let name = plan.name.split(separator: "/").last.map(String.init) ?? plan.name
    metadata["recipe"] = plan.graph.metadata["recipe"] ?? name
    if plan.graph.metadata["recipe"] != nil { metadata["started_from"] = name }
    metadata["seed"] = "\(plan.seed)"
    metadata["batch"] = "\(plan.batch)"
    metadata["shift"] = settings["shift"]
    metadata["batch_norm"] = settings["batch-norm"]
    metadata["optimizer"] = "\(plan.optimizer)"
    metadata["epochs"] = "\(trainer.epoch)"
    if trainer.position > 0 {
      metadata["epochs"] = "\(trainer.epoch) and \(trainer.position) images"
    }
    if let accuracy = records.last?.heldOutAccuracy { metadata["accuracy"] = "\(accuracy)" }
    return metadata
  }

  private var curves: TrainingCurves {
    TrainingCurves(
      title: "\(plan.name), \(plan.shortOptimizer), batch \(plan.batch), seed \(plan.seed)",
      records: records)
  }

  private var moment: ProgressDisplay.Moment {
    let count = data.training.count
    let epochsLeft = plan.epochs - trainer.epoch
    let imagesLeft = Double(epochsLeft * count - trainer.position)
    return ProgressDisplay.Moment(
      epoch: trainer.epoch + 1, epochs: plan.epochs,
      fraction: Double(trainer.position) / Double(max(1, count)), loss: sums.meanLoss,
      accuracy: sums.accuracy, imagesPerSecond: sums.imagesPerSecond,
      secondsLeft: imagesLeft / sums.imagesPerSecond)
  }

  private var introduction: String {
    let images = TrainingText.grouped(data.training.count)
    let heldOut = TrainingText.grouped(data.heldOut.count)
    let begun = trainer.stepCount > 0 ? ", going on after step \(trainer.stepCount)" : ""
    return "\(plan.name): \(images) images, \(heldOut) held out, batch \(plan.batch), "
      + "\(plan.shortOptimizer), seed \(plan.seed)\(begun)"
  }

  private var conclusion: [String] {
    var lines = ["written: \(files.output)"]
    if let record = records.last, let accuracy = record.undroppedAccuracy {
      let held = record.heldOutAccuracy.map { ", held out \(TrainingText.percent($0))" } ?? ""
      lines.append("without dropout: training \(TrainingText.percent(accuracy))\(held)")
    }
    return lines
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
