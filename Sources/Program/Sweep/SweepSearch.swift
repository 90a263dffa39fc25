import Formats
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

  /// What is kept of a trial.
  private struct Record: Encodable {
    var number: Int
    var parameters: [String: RunValue]
    var heldOutAccuracy: Double?
    var runs: [RunResult]

    private enum CodingKeys: String, CodingKey {
      case number, parameters, runs
      case heldOutAccuracy = "held_out_accuracy"
    }
  }

  /// Asks, trains and tells so many times.
  /// - Returns: the signal that stopped it; nil where all are done.
  mutating func run(trials: Int) throws -> Int32? {
    try optuna.create()
    _ = try OutputFolder("\(folder.path)/trials")
    for _ in 0..<trials {
      if let signal = Interruption.signal { return signal }
      let trial = try optuna.ask(space)
      let parameters = space.parameters(trial.params)
      var record = Record(number: trial.number, parameters: parameters, runs: [])
      do {
        if let signal = try train(parameters, &record) {
          // A trial that nobody ends would count as under way for ever.
          try optuna.tell(trial.number, nil)
          return signal
        }
      } catch {
        try optuna.tell(trial.number, nil)
        throw error
      }
      let scores = record.runs.compactMap(\.heldOutAccuracy)
      if scores.count == plan.seeds.count {
        record.heldOutAccuracy = scores.reduce(0, +) / Double(scores.count)
      }
      try FileBytes.write(try JSONFile.line(record), to: folder.trial(trial.number))
      try optuna.tell(trial.number, record.heldOutAccuracy)
      try Terminal.write(lines: [told(record)])
    }
    return nil
  }

  private mutating func train(
    _ found: [String: RunValue], _ record: inout Record
  ) throws -> Int32? {
    for seed in plan.seeds {
      var parameters = plan.base.merging(plan.runs[0]) { $1 }.merging(found) { $1 }
      parameters["seed"] = .number(Double(seed))
      let digest = SHA256.hex(of: try JSONFile.line(parameters))
      switch try worker.train(parameters, digest: digest, state: nil) {
      case .stopped(let signal): return signal
      case .finished(let result): record.runs.append(result)
      }
    }
    return nil
  }

  private func told(_ record: Record) -> String {
    let values = record.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let score = record.heldOutAccuracy.map(TrainingText.percent) ?? "diverged"
    return "trial \(record.number): \(score)  (\(values.joined(separator: ", ")))"
  }
}
