import Formats
import NeuralNet
import Studies
import TensorCore

/// What a terminal and files make of training: a checkpoint after each epoch, lines of progress, an end
/// when a person asks for one.
struct TrainingSession {
  let plan: TrainingPlan
  let settings: TrainSettings
  let data: TrainingData
  let files: TrainingFiles
  /// The training itself.
  private(set) var training: TrainingRun
  /// Where events go that TensorBoard opens; nil for nowhere.
  var events: EventFile?
  private var display = ProgressDisplay()

  init(
    plan: TrainingPlan, settings: TrainSettings, data: TrainingData, samples: TrainingSamples,
    measures: TrainingMeasures, files: TrainingFiles
  ) throws {
    (self.plan, self.settings, self.data, self.files) = (plan, settings, data, files)
    training = try plan.run(on: samples, measures: measures)
  }

  /// Trains to the last epoch, or until a signal comes.
  /// - Returns: the signal; nil where training is over.
  /// - Throws: `Failure` of code `diverged`, or an error of writing; the last checkpoint is kept.
  mutating func run() throws -> Int32? {
    let log = try files.startLog(training.records, of: plan.epochs)
    display.write(introduction)
    // The state may be further than the network, where something came between the two.
    if training.trainer.epoch >= plan.epochs { try save(training) }
    let start = ContinuousClock.now
    var (training, signal) = (training, nil as Int32?)
    do {
      try training.run(
        seconds: { (ContinuousClock.now - start).seconds },
        while: { Interruption.signal == nil }
      ) { event, training in
        switch event {
        case .batch: display.show(moment(training))
        case .epoch(let record):
          try save(training)
          try log.append(record)
          if let events { try events.append(record, try training.look()) }
          display.write(TrainingText.line(record, of: plan.epochs))
        case .stopped:
          try save(training)
          signal = Interruption.signal
          display.write(
            "stopped in epoch \(training.trainer.epoch + 1); go on with: "
              + "dropscope train --resume -o \(files.output)")
        case .done: break
        }
      }
    } catch let problem as TrainingProblem {
      throw failure(problem, after: training.records)
    }
    self.training = training
    if let signal { return signal }
    for line in conclusion { display.write(line) }
    display.draw(curves)
    try files.writePlot(curves)
    if let problem = display.problem { throw problem }
    return nil
  }

  private func failure(_ problem: TrainingProblem, after records: [EpochRecord]) -> Failure {
    switch problem {
    case .diverged(let epoch, let what):
      let kept =
        records.last.map { "the checkpoint of epoch \($0.epoch) is kept in \(files.output)" }
        ?? "no epoch was finished, nothing was written"
      return Failure(.diverged, "epoch \(epoch), \(what): training diverged; \(kept)")
    case .misfit(let samples, let error):
      // A network that takes no such batch: one whose sizes leave no room for it, for instance.
      return Failure(.badData, "\(plan.name): a batch of \(samples): \(error)")
    }
  }

  /// Writes the state, then the network: whatever happens between, `--resume` goes on from the state.
  private func save(_ training: TrainingRun) throws {
    let state = TrainingState(
      settings: settings, data: data.metadata, snapshot: training.trainer.snapshot,
      records: training.records, sums: training.sums)
    var graph = try training.trainer.graph
    graph.metadata.merge(metadata(training)) { _, new in new }
    try files.write(state: try state.bytes, network: graph)
  }

  private func metadata(_ training: TrainingRun) -> [String: String] {
    let trainer = training.trainer
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
    if let accuracy = training.records.last?.heldOutAccuracy {
      metadata["accuracy"] = "\(accuracy)"
    }
    return metadata
  }

  private var curves: TrainingCurves {
    TrainingCurves(
      title: "\(plan.name), \(plan.shortOptimizer), batch \(plan.batch), seed \(plan.seed)",
      records: training.records)
  }

  private func moment(_ training: TrainingRun) -> ProgressDisplay.Moment {
    let (trainer, sums, count) = (training.trainer, training.sums, data.training.count)
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
    let step = training.trainer.stepCount
    let begun = step > 0 ? ", going on after step \(step)" : ""
    return "\(plan.name): \(images) \(data.unit), \(heldOut) held out, batch \(plan.batch), "
      + "\(plan.shortOptimizer), seed \(plan.seed)\(begun)"
  }

  private var conclusion: [String] {
    var lines = ["written: \(files.output)"]
    if let record = training.records.last, let accuracy = record.undroppedAccuracy {
      let held = record.heldOutAccuracy.map { ", held out \(TrainingText.percent($0))" } ?? ""
      lines.append("without dropout: training \(TrainingText.percent(accuracy))\(held)")
    }
    return lines
  }
}

extension TrainingSession {
  /// Goes back to a state.
  /// - Throws: `Failure` where it is of other data or another network.
  mutating func resume(_ state: TrainingState, from path: String) throws {
    try training.resume(state, from: path, data: data)
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
