import Foundation
import Insight
import Masks
import NeuralNet
import Studies
import Synchronization
import TensorCore
import TestNetworks
import Testing

/// Long work as data: what is kept of it is all that decides its numbers, and what it tells is all that
/// anybody needs to show it.
@Suite struct JobTests {
  private static func experiment() throws -> Experiment {
    try Experiment(
      Subject(
        network: Network(try SmallNetwork.classifier()), input: SmallNetwork.seven(),
        inputName: "seven", modelName: "small"))
  }

  private static func setting(_ experiment: Experiment, kind: String = "element") -> Setting {
    Setting(layer: experiment.firstLayer.value, kind: kind)
  }

  private static func jobs(_ experiment: Experiment, masks: Int) throws -> [Job] {
    let setting = setting(experiment)
    let site = try #require(experiment.sites.last?.value)
    return [
      Job(.samples(setting), masks: masks), Job(.votes(setting), masks: masks),
      Job(.placement(setting.dropout(at: site), seed: 11), masks: masks),
    ]
  }

  /// The numbers of a sum, whatever it sums.
  private static func numbers(_ sum: (any RunSum)?) throws -> [Double] {
    switch sum {
    case let sum as Ensemble:
      sum.mean.elements.map(Double.init) + sum.survival.elements.map(Double.init)
        + [try #require(sum.meanError)]
    case let sum as Votes: sum.classes.votes.map(Double.init)
    case let sum as PlacementRow: PlacementColumns.columns.map { $0.value(sum) ?? -1 }
    default: try #require(nil as [Double]?)
    }
  }

  @Test(arguments: KindRegistry.names)
  func whatIsKeptIsRead(kind: String) throws {
    let experiment = try Self.experiment()
    var setting = Self.setting(experiment, kind: kind)
    (setting.rate, setting.seed, setting.scaling) = (try Rate(0.3), .max, .weight)
    (setting.isModelDropoutActive, setting.silenced) = (true, ["a"])
    setting.kinds.block = BlockSize(h: 3, w: 5)
    setting.kinds.weightMode = .perSample
    let layout = Layout([2, 3], [Axis(.channel), Axis(.row, isGuess: true)])
    setting.kinds.painted = Mask(
      layout: layout, kept: NDArray(layout.shape, [true, false, true, true, false, false]))
    setting.others = [setting.dropout(at: "elsewhere")]
    for study in [
      Job.Study.samples(setting), .votes(setting), .placement(setting.others[0], seed: 3),
    ] {
      let job = Job(study, masks: 48)
      let kept = try JSONEncoder().encode(job)
      #expect(try JSONDecoder().decode(Job.self, from: kept) == job)
    }
  }

  @Test(arguments: [
    (#""rate":0.5"#, #""rate":1.5"#), (#""scaling":"inverted""#, #""scaling":"x""#),
    (#""settings":{}"#, #""settings":{"block":"0"}"#),
    (#""settings":{}"#, #""settings":{"x":"1"}"#),
    (
      #""settings":{}"#,
      #""settings":{},"kept":"01","shape":[-1],"axes":["row"]"#
    ),
    (#""settings":{}"#, #""settings":{},"kept":"01","shape":[3],"axes":["row"]"#),
    (#""settings":{}"#, #""settings":{},"kept":"01","shape":[2],"axes":["line"]"#),
  ])
  func whatMakesNoSenseIsRefused(good: String, bad: String) throws {
    let experiment = try Self.experiment()
    let job = Job(.votes(Self.setting(experiment)), masks: 8)
    let text = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
    try #require(text.contains(good))
    let damaged = Data(text.replacing(good, with: bad).utf8)
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Job.self, from: damaged) }
  }

  @Test(arguments: 0..<3)
  func sumsAreTheSameForAnyPortionsAndThreads(which: Int) throws {
    let experiment = try Self.experiment()
    let job = try Self.jobs(experiment, masks: 72)[which]
    func sum(portion: Int, threads: Int) throws -> [Double] {
      var work = Work(job, on: experiment)
      Parallel.$threads.withValue(threads) { work.run(portion: { portion }) { _ in } }
      #expect(work.count == 72 && work.isOver)
      return try Self.numbers(work.sum)
    }
    let whole = try sum(portion: 1000, threads: 1)
    for (portion, threads) in [(8, 1), (16, 2), (24, 7), (1000, 4)] {
      #expect(try sum(portion: portion, threads: threads) == whole)
    }
    // A copy that came by way of text does the same.
    let copy = try JSONDecoder().decode(Job.self, from: JSONEncoder().encode(job))
    var work = Work(copy, on: try Self.experiment())
    work.run { _ in }
    #expect(try Self.numbers(work.sum) == whole)
  }

  @Test func whatIsToldCountsUpAndEndsOnce() throws {
    let experiment = try Self.experiment()
    for job in try Self.jobs(experiment, masks: 40) {
      var told: [String] = []
      var work = Work(job, on: experiment)
      work.run(portion: { 16 }) { event in
        switch event {
        case .progress(let work): told.append("\(work.count) of \(work.goal)")
        case .done(let work): told.append("done \(work.count)")
        case .failed: told.append("failed")
        }
      }
      #expect(told == ["16 of 40", "32 of 40", "done 40"])
    }
  }

  @Test func whatCannotBeDoneFailsOnceAndSaysWhy() throws {
    let experiment = try Self.experiment()
    let nowhere = Job(.placement(PlacedDropout(site: "nowhere"), seed: 0), masks: 8)
    var told: [JobEvent] = []
    var work = Work(nowhere, on: experiment)
    work.run { told.append($0) }
    guard case .failed(let failed)? = told.first else {
      Issue.record("told \(told)")
      return
    }
    #expect(told.count == 1 && failed.problem?.contains("nowhere") == true)
  }

  @Test func cancelledItTellsNothingMoreAndGoesOnWhereItWas() throws {
    let experiment = try Self.experiment()
    let job = try Self.jobs(experiment, masks: 64)[0]
    let left = Mutex(20)
    var counts: [Int] = []
    var work = Work(job, on: experiment)
    work.run(
      portion: { 8 },
      while: {
        left.withLock { left in
          left -= 1
          return left > 0
        }
      }
    ) { counts.append($0.work.count) }
    #expect(counts == [8] && work.count == 8 && !work.isOver)
    work.run { _ in }
    var whole = Work(job, on: experiment)
    whole.run { _ in }
    #expect(try Self.numbers(work.sum) == Self.numbers(whole.sum))
  }
}
