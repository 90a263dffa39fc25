import Masks
import Studies
import TensorCore
import Testing

/// Plans and what is made of their results, without a file.
@Suite struct SweepPlanTests {
  private static func plan() throws -> SweepPlan {
    try SweepPlan(
      base: ["recipe": .text("digits"), "images": .number(100)],
      runs: [["name": .text("a")], ["name": .text("b"), "l2": .number(0.5)]],
      grid: [
        SweepPlan.Axis(key: "rate dropout1", values: [.number(0), .number(0.25), .number(0.5)]),
        SweepPlan.Axis(key: "epochs", values: [.number(1), .number(2)]),
      ], seeds: [4, 9])
  }

  /// The seed changes fastest, then the last axis.
  @Test func linesAreEveryCombinationOnce() throws {
    let plan = try Self.plan()
    #expect(plan.count == 24 && plan.columns == ["name", "l2", "rate dropout1", "epochs"])
    let lines = (1...24).map { plan.parameters(ofLine: $0) }
    #expect(Set(lines).count == 24)
    #expect(lines[0]["seed"] == .number(4) && lines[1]["seed"] == .number(9))
    #expect(lines[2]["epochs"] == .number(2) && lines[4]["rate dropout1"] == .number(0.25))
    #expect(lines[11]["l2"] == nil && lines[12]["l2"] == .number(0.5))
    #expect(lines.allSatisfy { $0["recipe"] == .text("digits") })
  }

  /// Every run and every value occurs in the lines that are looked at before anything is trained.
  @Test func tellingLinesHaveEveryValue() throws {
    let plan = try Self.plan()
    let lines = plan.telling.map { plan.parameters(ofLine: $0) }
    for key in plan.columns {
      let all = Set((1...plan.count).map { plan.parameters(ofLine: $0)[key] })
      #expect(Set(lines.map { $0[key] }) == all, "\(key)")
    }
    #expect(lines.count == 8)
  }

  @Test func whatMakesNoPlanIsTold() {
    let axis = SweepPlan.Axis(key: "l2", values: [.number(1), .number(1)])
    for make in [
      { try SweepPlan(base: [:], grid: [axis], seeds: [1]) },
      { try SweepPlan(base: [:], grid: [.init(key: "l2", values: [])], seeds: [1]) },
      { try SweepPlan(base: [:], grid: [.init(key: "seed", values: [.number(1)])], seeds: [1]) },
      { try SweepPlan(base: [:], seeds: []) },
      { try SweepPlan(base: [:], seeds: [1, 1]) },
      {
        try SweepPlan(
          base: [:],
          grid: (0..<7).map { key in
            .init(key: "rate \(key)", values: (0..<10).map { .number(Double($0) / 10) })
          }, seeds: [1])
      },
    ] {
      #expect(throws: TensorError.self) { try make() }
    }
  }

  @Test func settingsAreReadOrRefused() throws {
    let settings = try RunSettings([
      "recipe": .text("digits"), "images": .number(10), "seed": .number(5), "rate": .number(0.5),
      "rate relu1": .number(0.1), "kind relu1": .text("spatial"), "dropout-epochs": .text("1-3"),
      "max-norm": .text("none"), "width dense1": .text("n/p"), "measure": .text("layers"),
      "name": .text("anything"),
    ])
    #expect(settings.model == "digits" && settings.images == 10 && settings.seed == 5)
    #expect(settings.changes.sites.count == 1 && settings.changes.sites[0].kind == "spatial")
    #expect(settings.changes.maxNorm == 0 && settings.changes.widths["dense1"] == .overKeep)
    #expect(settings.measuresLayers && settings.changes.ownRate?.p == 0.5)
    for (key, value) in [
      ("images", RunValue.number(0)), ("images", .number(1.5)), ("images", .text("10")),
      ("epochs", .number(.infinity)), ("epochs", .number(1e300)), ("seed", .number(-1)),
      ("rate", .number(2)), ("rate ", .number(0.5)), ("kind relu1", .text("rows")),
      ("learning-rate", .text("fast")), ("activation", .text("swish")), ("colour", .text("red")),
      ("model", .text("x.onnx")), ("width dense1", .number(0.5)), ("measure", .text("all")),
      ("optimizer", .text("adamw")), ("data", .number(3)),
    ] {
      #expect(throws: TensorError.self, "\(key) \(value)") {
        try RunSettings(["recipe": .text("digits"), key: value])
      }
    }
    #expect(throws: TensorError.self) { try RunSettings(["images": .number(3)]) }
  }

  private static func result(_ score: Double?, training: Double = 1) -> RunResult {
    guard let score else {
      return RunResult(run: "", diverged: "epoch 1", steps: 1, heldOut: 10, data: [:])
    }
    var result = RunResult(run: "", diverged: "", steps: 1, heldOut: 10, data: [:])
    result.diverged = nil
    (result.heldOutAccuracy, result.trainingAccuracy) = (score, training)
    result.heldOutLoss = 0.25
    return result
  }

  @Test func theTableIsTheSameInAnyOrder() throws {
    let plan = try Self.plan()
    func table(_ order: [Int]) -> SweepTable {
      var table = SweepTable(parameters: plan.columns)
      for line in order {
        table.add(
          line: line, plan.parameters(ofLine: line), Self.result(line == 3 ? nil : 0.5))
      }
      return table
    }
    let csv = table(Array(1...24)).csv
    #expect(csv == table((1...24).reversed()).csv)
    #expect(csv == table((1...24).sorted { $0 * 7 % 25 < $1 * 7 % 25 }).csv)
    let lines = csv.split(separator: "\n").map(String.init)
    #expect(
      lines[0]
        == "name,l2,rate dropout1,epochs,seed,training_accuracy,held_out_accuracy,held_out_loss")
    #expect(lines[1] == "a,,0,1,4,1.0,0.5,0.25" && lines[3] == "a,,0,2,4,,,")
    #expect(lines.count == 25)
  }

  /// scipy.stats.t.interval and numpy.polyfit say the same.
  @Test func theSummaryHasMeansIntervalsAndASlope() throws {
    let plan = try SweepPlan(
      base: ["recipe": .text("digits")],
      grid: [.init(key: "rate", values: [.number(0), .number(0.2), .number(0.4)])],
      seeds: [1, 2, 3])
    var table = SweepTable(parameters: plan.columns)
    let scores = [0.90, 0.91, 0.92, 0.93, 0.94, 0.95, 0.94, 0.93, 0.925]
    for (index, score) in scores.enumerated() {
      table.add(line: index + 1, plan.parameters(ofLine: index + 1), Self.result(score))
    }
    let summary = SweepSummary(table)
    #expect(summary.settings.map(\.seeds) == [3, 3, 3] && summary.best == 1)
    let first = summary.settings[0]
    #expect(abs(first.heldOut! - 0.91) < 1e-12 && abs(first.gap! - 0.09) < 1e-12)
    #expect(
      abs(first.interval![0] - 0.8851586) < 1e-6 && abs(first.interval![1] - 0.9348414) < 1e-6)
    #expect(abs(summary.slope! - 0.0541667) < 1e-6)
    // .9317 lies .0083 below the best, whose standard error is .0058.
    #expect(summary.withinOneError == [1])
    table.add(line: 10, ["rate": .number(0.2), "seed": .number(4)], Self.result(nil))
    #expect(SweepSummary(table).settings[1].diverged == 1)
    #expect(SweepSummary(SweepTable(parameters: ["rate"])).best == nil)
  }
}

/// What an optimiser is told of a grid.
@Suite struct SearchSpaceTests {
  @Test func aGridSpansASpace() throws {
    let space = try SearchSpace(
      try SweepPlan(
        base: [:],
        grid: [
          .init(key: "rate dropout1", values: [.number(0.5), .number(0), .number(0.25)]),
          .init(key: "l2", values: [.number(1e-5), .number(1e-2)]),
          .init(key: "width dense1", values: [.number(16), .number(64)]),
          .init(key: "activation", values: [.text("relu"), .text("tanh")]),
          .init(key: "max-norm", values: [.number(3), .text("none")]),
        ], seeds: [1]))
    #expect(
      space.dimensions == [
        "rate dropout1": .real(0...0.5, isLogarithmic: false),
        "l2": .real(1e-5...1e-2, isLogarithmic: true),
        "width dense1": .whole(16...64, isLogarithmic: false),
        "activation": .choice([.text("relu"), .text("tanh")]),
        "max-norm": .choice([.number(3), .text("none")]),
      ])
    #expect(
      space.parameters(["max-norm": .text("3"), "l2": .number(0.001)])
        == ["max-norm": .number(3), "l2": .number(0.001)])
    for plan in [
      try SweepPlan(base: [:], seeds: [1]),
      try SweepPlan(base: [:], grid: [.init(key: "l2", values: [.number(1)])], seeds: [1]),
    ] {
      #expect(throws: TensorError.self) { try SearchSpace(plan) }
    }
  }
}
