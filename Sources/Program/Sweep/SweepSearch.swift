import Formats
import Glibc
import NeuralNet
import Studies
import TensorCore

/// Trains what an optimiser proposes within a plan's grid, with every seed of the plan, and tells it the mean
/// accuracy held out.
struct SweepSearch {
  private let folder: SweepFolder
  private let plan: SweepPlan
  private let space: SearchSpace
  private let optuna: Optuna
  private var worker = SweepWorker()

  /// - Throws: `FormatError` where there is no plan, `Failure` where it spans no space.
  init(_ folder: SweepFolder, _ optuna: Optuna) throws {
    (self.folder, self.optuna) = (folder, optuna)
    plan = try folder.readHead().plan
    do throws(TensorError) {
      space = try SearchSpace(plan)
    } catch {
      throw Failure(.badData, "\(folder.head): \(error)")
    }
  }

  /// Goes on with trials that were stopped, then asks, trains and tells, so many in all.
  /// - Returns: the signal that stopped it; nil where all are done.
  mutating func run(trials count: Int) throws -> Int32? {
    try optuna.create()
    let trials = try SweepTrials(folder)
    var done = 0
    for number in trials.underWay() where done < count {
      guard let lock = try trials.lock(number), let trial = trials.read(number, of: study) else {
        continue
      }
      defer { withExtendedLifetime(lock) {} }
      if let signal = try finish(trial, in: trials) { return signal }
      done += 1
    }
    for _ in done..<max(done, count) {
      if let signal = Interruption.signal { return signal }
      let asked = try optuna.ask(space)
      let trial = SweepTrial(
        number: asked.number, parameters: space.parameters(asked.params), study: study)
      let lock = try trials.lock(trial.number)
      defer { withExtendedLifetime(lock) {} }
      try trials.keep(trial)
      if let signal = try finish(trial, in: trials) { return signal }
    }
    return nil
  }

  /// What tells this study from those of other storages: a storage's URL may hold a password.
  private var study: String { SHA256.hex(of: Array("\(optuna.storage)\n\(optuna.study)".utf8)) }

  /// Trains the seeds of a trial that have yet to be, and tells what it came to.
  /// - Returns: the signal that stopped it: then it stays under way, to be gone on with.
  private mutating func finish(_ started: SweepTrial, in trials: SweepTrials) throws -> Int32? {
    var trial = started
    do {
      for seed in plan.seeds.dropFirst(trial.runs.count) {
        var parameters = plan.base.merging(plan.runs[0]) { $1 }.merging(trial.parameters) { $1 }
        parameters["seed"] = .number(Double(seed))
        let digest = SHA256.hex(of: try JSONFile.line(parameters))
        let state = trials.checkpoint(trial)
        switch try worker.train(parameters, digest: digest, state: state) {
        case .stopped(let signal):
          try Terminal.write(lines: ["trial \(trial.number): stopped; search again to go on"])
          return signal
        case .finished(let result, _):
          trial.runs.append(result)
          unlink(state)
          try trials.keep(trial)
        }
      }
    } catch {
      // What makes no sense will make none later: a trial that nobody ends would be under way for ever.
      try optuna.tell(trial.number, nil)
      try trials.finish(trial)
      throw error
    }
    let scores = trial.runs.compactMap(\.heldOutAccuracy)
    if scores.count == plan.seeds.count {
      trial.heldOutAccuracy = scores.reduce(0, +) / Double(scores.count)
    }
    try optuna.tell(trial.number, trial.heldOutAccuracy)
    try trials.finish(trial)
    try Terminal.write(lines: [told(trial)])
    return nil
  }

  private func told(_ record: SweepTrial) -> String {
    let values = record.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let score = record.heldOutAccuracy.map(TrainingText.percent) ?? "diverged"
    return "trial \(record.number): \(score)  (\(values.joined(separator: ", ")))"
  }
}
