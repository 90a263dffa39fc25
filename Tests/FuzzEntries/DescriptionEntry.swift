import FoundationEssentials
import Program
import Studies

extension FuzzEntry {
  /// What races and sweeps are kept as in JSON: a race, a line, a plan, a result, a trial.
  static let description = FuzzEntry(
    "description", readers: ["RaceDescription", "SweepFolder", "SweepTrial"], longest: 2048,
    share: 4
  ) { bytes in
    if let race = try? RaceDescription(bytes, named: "job.json") {
      expect(race.job.variants.count > 1 && !race.job.seeds.isEmpty, "\(race)")
    }
    let decoder = JSONDecoder()
    if let parameters = try? decoder.decode([String: RunValue].self, from: Data(bytes)) {
      _ = try? RunSettings(parameters)
      var table = SweepTable(parameters: parameters.keys.sorted())
      let none = RunResult(run: "", diverged: "", steps: 0, heldOut: 0, data: [:])
      table.add(line: 1, parameters, none)
      expect(!table.csv.isEmpty, "no table")
    }
    if let plan = try? decoder.decode(SweepPlan.self, from: Data(bytes)) {
      expect((1...SweepPlan.mostLines).contains(plan.count), "\(plan.count) lines")
      _ = plan.parameters(ofLine: plan.count)
    }
    _ = try? decoder.decode(SweepTrial.self, from: Data(bytes))
    if let result = try? decoder.decode(RunResult.self, from: Data(bytes)) {
      var table = SweepTable(parameters: ["l2"])
      table.add(line: 1, ["seed": .number(1)], result)
      expect(table.csv.split(separator: "\n").count == 2, "\(table.csv)")
      _ = SweepSummary(table)
    }
  }
}
