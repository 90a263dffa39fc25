import Formats
import Glibc
import NeuralNet
import Studies
import TensorCore

/// Trains what lines describe, one after another; images are read once for all that share them.
struct SweepWorker {
  private var subjects: [TrainingSubject.Request: TrainingSubject] = [:]
  private var pace = SavingPace()

  /// What came of a line.
  enum Outcome {
    /// It is over; the network as far as it learnt, nil where that diverged.
    case finished(RunResult, Graph?)
    /// A signal came; what was done is kept.
    case stopped(Int32)
  }

  /// Trains a run to its end, or until a signal comes.
  /// - Parameters:
  ///   - digest: the SHA-256 of the description
  ///   - state: where a checkpoint lies and is kept; nil for none
  /// - Throws: `Failure` or `FormatError` where the description makes no sense, or a checkpoint cannot be
  ///   written.
  mutating func train(
    _ parameters: [String: RunValue], digest: String, state: String?
  ) throws -> Outcome {
    let settings: RunSettings
    do {
      settings = try RunSettings(parameters)
    } catch {
      throw Failure(usage: "\(error)")
    }
    let subject = try subject(settings)
    let plan = try subject.plan(
      seed: settings.seed, settings.changes, epochs: settings.epochs, batch: settings.batch,
      shift: settings.shift)
    var training: TrainingRun
    do {
      training = try plan.run(
        on: subject.images,
        measures: TrainingMeasures(layers: settings.measuresLayers, lastOnly: true))
    } catch {
      throw Failure(asked: error)
    }
    let heldOut = subject.data.heldOut.count
    let kept = TrainSettings(["run": digest])
    if let state, FileBytes.isFile(state) { resume(&training, state, kept, subject.data) }
    func save(_ training: TrainingRun) throws {
      guard let state else { return }
      let found = TrainingState(
        settings: kept, data: subject.data.metadata, snapshot: training.trainer.snapshot,
        records: training.records, sums: training.sums)
      try FileBytes.write(try found.bytes, to: state)
    }
    do {
      pace = SavingPace()
      try training.run(seconds: { 0 }, while: { Interruption.signal == nil }) { event, training in
        switch event {
        case .batch, .done: break
        case .epoch: if pace.isDue(), training.trainer.epoch < plan.epochs { try save(training) }
        case .stopped: try save(training)
        }
      }
      var average: MonteCarloOutcome?
      if settings.masks > 0, Interruption.signal == nil, heldOut > 0 {
        average = try training.monteCarlo(masks: settings.masks) { Interruption.signal == nil }
        if average == nil { try save(training) }
      }
      if let signal = Interruption.signal { return .stopped(signal) }
      return .finished(
        RunResult(
          run: digest, training, heldOut: heldOut, monteCarlo: average,
          data: subject.data.metadata), try subject.network(of: training))
    } catch TrainingProblem.diverged(let epoch, let what) {
      return .finished(
        RunResult(
          run: digest, diverged: "epoch \(epoch), \(what)", steps: training.trainer.stepCount,
          heldOut: heldOut, data: subject.data.metadata), nil)
    } catch TrainingProblem.misfit(let samples, let error) {
      throw Failure(.badData, "\(plan.name): a batch of \(samples): \(error)")
    }
  }

  /// Goes on from a checkpoint; one that is damaged or another run's is passed over and told.
  private func resume(
    _ training: inout TrainingRun, _ path: String, _ kept: TrainSettings, _ data: TrainingData
  ) {
    do {
      let state = try TrainingState.read(path)
      guard state.settings == kept else {
        throw FormatError(path, expected: "a checkpoint of this run", found: "another's")
      }
      try training.resume(state, from: path, data: data)
    } catch {
      Terminal.writeError("dropscope: warning: \(error); the run is begun anew\n")
    }
  }

  private mutating func subject(_ settings: RunSettings) throws -> TrainingSubject {
    let request = TrainingSubject.Request(settings)
    if let known = subjects[request] { return known }
    let read = try TrainingSubject(request)
    // Images of other sizes of data are the same files again: a few are enough.
    if subjects.count >= 8 { subjects = [:] }
    subjects[request] = read
    return read
  }
}

extension TrainingSubject.Request {
  /// What a run is trained on.
  init(_ settings: RunSettings) {
    self.init(model: settings.model)
    (data, images, holdout) = (settings.data, settings.images, settings.holdout)
    (splitSeed, normalize) = (settings.splitSeed, settings.normalize)
  }
}
