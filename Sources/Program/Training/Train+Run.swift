import CursesBackend
import Formats
import NeuralNet
import Studies
import TensorCore

extension Train {
  func run() throws {
    try budget.apply()
    Heap.keepsFreedMemory()
    guard list || !json else { throw Failure(usage: "--json: expected --list, found none") }
    if list {
      return json
        ? try Listing(.recipes).write(asJSON: true) : try Terminal.write(TrainingPlan.recipeList)
    }
    let output = try self.output ?? TrainingFiles.usualOutput(for: model, resumes: resume)
    let writesOver = !resume && FileBytes.isFile(output)
    let threads = try NumberRange.threads.checked(training.threads)
    let signal = try Parallel.$threads.withValue(threads ?? Parallel.threads) {
      var session = try session(output)
      if writesOver {
        Terminal.writeError("dropscope: warning: \(output) is there already and is written over")
      }
      Interruption.install()
      return try session.run()
    }
    if let signal { Interruption.raise(signal) }
  }

  /// Reads and checks everything there is to read and check before the first batch.
  private func session(_ output: String) throws -> TrainingSession {
    let statePath = TrainingState.path(of: output)
    let saved = resume ? try TrainingState.read(statePath) : nil
    var settings = try given()
    if let saved { settings = try settings.resuming(saved.settings, state: statePath) }
    let plan = try TrainingPlan(&settings)
    let files = try TrainingFiles(output: output, log: training.log, plot: plot)
    let data = try data(&settings, plan)
    let samples = try data.samples(
      normalize: settings["normalize"], from: "--normalize", for: plan)
    let measures = measure || training.tensorboard != nil
    var session = try TrainingSession(
      plan: plan, settings: settings, data: data, samples: samples,
      measures: TrainingMeasures(clean: measures, layers: measures), files: files)
    if let saved { try session.resume(saved, from: statePath) }
    session.events = try training.tensorboard.map {
      try EventFile(in: [$0], from: session.training.trainer.stepCount)
    }
    return session
  }

  /// The options that were given, as text; numbers in the form that equal ones share.
  private func given() throws -> TrainSettings {
    var settings = TrainSettings()
    settings["model"] = model
    settings["data"] = training.data
    for (number, range) in zip(
      [training.epochs, training.batch, limit, training.shift, training.holdout],
      NumberRange.training)
    {
      settings[range.name] = try range.checked(number).map { "\($0)" }
    }
    settings["seed"] = seed.map { "\($0)" }
    settings["split-seed"] = training.splitSeed.map { "\($0)" }
    settings["optimizer"] = optimizer
    settings["batch-norm"] = batchNorm
    settings["normalize"] = training.normalize
    if let learningRate {
      guard let number = Double(learningRate), number.isFinite, number >= 0 else {
        throw Failure(
          usage: "--learning-rate: expected a number of 0 or more, found \(learningRate)")
      }
      settings["learning-rate"] = "\(number)"
    }
    if !rate.isEmpty { settings["rate"] = rate.joined(separator: " ") }
    if !kind.isEmpty { settings["kind"] = kind.joined(separator: " ") }
    return settings
  }

  private func data(_ settings: inout TrainSettings, _ plan: TrainingPlan) throws -> TrainingData {
    settings = settings.filled(with: ["data": "synthetic", "split-seed": "1"])
    let request = TrainingData.Request(
      data: settings["data"] ?? "", heldOut: settings["holdout"].flatMap { Int($0) },
      limit: settings["limit"].flatMap { Int($0) },
      splitSeed: settings["split-seed"].flatMap { UInt64($0) } ?? 1)
    let data = try TrainingData.open(request, for: plan)
    // A model that was trained on normalised images goes on with the same.
    if let usual = plan.graph.metadata["normalize"] ?? data.normalization() {
      settings = settings.filled(with: ["normalize": usual])
    }
    return data
  }
}
