import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import TestNetworks
import Testing

@testable import Scope

/// A training that is watched, on a network that learns in a moment; and logs of trainings elsewhere.
@Suite struct TrainPageTests {
  private func state(width: Int = 80, height: Int = 24) throws -> State {
    let subject = Subject(
      network: Network(try SmallNetwork.trainable()),
      input: Tensor([1, 1, 8, 8], (0..<64).map { $0 % 8 < 3 ? 1 : 0 }), inputName: "bar",
      modelName: "small")
    let experiment = try Experiment(subject)
    var state = try State(
      experiment, setting: Setting(layer: try experiment.layer(named: "relu1").value),
      size: ScreenSize(width: width, height: height))
    state.openRace = Bars.openRace
    return state
  }

  private func press(_ keys: [InputEvent], _ state: inout State) throws -> [Effect] {
    try keys.flatMap { state.perform([try #require(state.action(for: $0))]) }
  }

  @Test func trainsWhatIsShown() throws {
    var state = try state()
    #expect(try press(["F"], &state) == [.startWork])
    let work = try #require(state.dueWork as? RaceWork)
    #expect(
      work.job.variants.map(\.changes.sites) == [
        [
          .init(
            state.setting.dropout(
              at: state.experiment.site(of: state.setting)), called: "relu1")
        ]
      ])
    // The network as it begins is there with the first batch.
    _ = state.perform([.reachWork(4)])
    #expect(state.training?.own?.moments?.all.map(\.epoch) == [0, 1])
    #expect(state.perform([.reachWork(36)]) == [.stopWork])
    let training = try #require(state.training?.own)
    #expect(training.isDone && training.records(of: 0).count == 12)
    // The same as a variant of a race, record by record.
    _ = state.perform([.openPage(.race), .reachWork(72)])
    #expect(state.race?.records(of: 1) == training.records(of: 0))
  }

  @Test func goesBackThroughEpochsAndOpensOne() throws {
    var state = try state()
    _ = try press(["F"], &state)
    _ = state.perform([.reachWork(36)])
    let newest = try #require(state.training?.maps)
    #expect(newest.key.epoch == 12 && newest.filters?.layer == "conv1")
    _ = try press([.key(.left), .key(.left)], &state)
    let before = try #require(state.training?.maps)
    #expect(before.key.epoch == 10 && before.filters != newest.filters)
    #expect(state.frame().text.contains("relu1 after epoch 10"))
    _ = try press([.key(.home)], &state)
    #expect(state.training?.maps?.key.epoch == 0)
    _ = try press(["o"], &state)
    #expect(state.page == nil && state.message?.hasPrefix("after 0 of 12 epochs") == true)
    // What it had learnt by then is what the maps show, cell by cell.
    let moment = try #require(state.training?.moment)
    guard case .float32(let own)? = moment.graph.constants["conv1.weight"],
      case .float32(let shown)? = state.experiment.subject.network.graph.constants["conv1.weight"]
    else {
      Issue.record("no weights")
      return
    }
    #expect(own.elements == shown.elements)
    _ = state.perform([.openPage(.train)])
    _ = try press([.key(.end)], &state)
    #expect(state.training?.maps?.key.epoch == 12)
  }

  /// A change is marked in the curve, kept in the log before its epoch, and nothing written is taken back.
  @Test func aRateChangedIsASegmentOfTheLog() throws {
    var state = try state()
    _ = try press(["F"], &state)
    _ = state.perform([.reachWork(7)])
    let first = try #require(state.training).log
    #expect(first.count == 2)
    #expect(try press(["-", "-"], &state).contains(.startWork))
    _ = state.perform([.reachWork(8)])
    _ = try press(["-"], &state)
    #expect(try #require(state.training).log == first)
    _ = state.perform([.reachWork(36)])
    let log = try #require(state.training).log
    #expect(Array(log.prefix(2)) == first)
    func rate(_ p: Double) -> Rate { Rate(clamping: p) }
    #expect(
      Array(log[2...3]) == [
        .segment(of: "", TrainingSegment(epoch: 3, step: 7, before: rate(0.5), rate: rate(0.4))),
        .segment(of: "", TrainingSegment(epoch: 3, step: 8, before: rate(0.4), rate: rate(0.35))),
      ])
    #expect(log.count == 14)
    #expect(state.training?.trace.lossChart("", limits: 0...1).marks == [2])
    #expect(state.frame().text.contains("relu1 element .50 → .35 from 3"))
  }

  private static func record(_ epoch: Int, of epochs: Int?) -> EpochRecord {
    var record = EpochRecord(
      epoch: epoch, step: 10 * epoch, loss: 2 / Double(epoch), accuracy: 0.5, seconds: 2,
      imagesPerSecond: 500)
    (record.heldOutLoss, record.heldOutAccuracy) = (1.5 / Double(epoch), 0.6)
    record.epochs = epochs
    return record
  }

  /// A log that says what it is told to.
  private static func log(_ parts: [[TrainingLogLine]]) -> FollowedLog {
    FollowedLog(name: "log.jsonl") { place in
      let part = (place?.offset ?? -1) + 1
      return (
        part < parts.count ? parts[part] : [],
        FollowWork.Place(file: 1, offset: min(part, parts.count - 1)), place == nil
      )
    }
  }

  @Test func followsALogWhileItGrows() throws {
    var state = try state()
    state.followedLog = Self.log([
      [.epoch(of: "", Self.record(1, of: 3))],
      [
        .segment(
          of: "",
          TrainingSegment(
            epoch: 2, step: 12, before: Rate(clamping: 0.5), rate: Rate(clamping: 0.25))),
        .epoch(of: "", Self.record(2, of: 3)),
      ], [.epoch(of: "", Self.record(3, of: 3))],
    ])
    #expect(try press(["F"], &state) == [.startWork])
    _ = state.perform([.reachWork(1)])
    #expect(state.frame().text.contains("epoch 1/3 500/s 0:04 left"))
    _ = state.perform([.reachWork(2)])
    #expect(state.frame().text.contains("rate .50 → .25 from 2"))
    #expect(state.frame().text.contains("train --measure keeps them"))
    #expect(state.perform([.reachWork(4)]) == [.stopWork])
    #expect(state.frame().text.contains("epoch 3/3 500/s at its end"))
    // What trains elsewhere is looked at, not changed.
    for (key, words): (InputEvent, String) in [
      ("+", "is not changed from here"), ("o", "a log has no network"),
      (.key(.left), "a log has no maps"), (" ", "the log is at its end"),
      (.key(.tab), "there is one training here"),
    ] {
      _ = try press([key], &state)
      #expect(state.message?.contains(words) == true, "\(key)")
    }
    // Read from its start.
    _ = try press(["r"], &state)
    #expect(state.dueWork?.count == 0)
  }

  @Test func aLogOfARaceHasSeveral() throws {
    var state = try state()
    state.followedLog = Self.log([
      [
        .epoch(of: "none, seed 7", Self.record(1, of: nil)),
        .epoch(of: "half, seed 7", Self.record(1, of: nil)),
        .epoch(of: "none, seed 7", Self.record(2, of: nil)),
      ], [.end],
    ])
    _ = try press(["F"], &state)
    _ = state.perform([.reachWork(3)])
    #expect(state.frame().text.contains("none, seed 7  Tab: 2 trainings"))
    // Nobody knows the end: an axis for ten.
    #expect(state.training?.trace.values(\.loss).count == 10)
    _ = try press([.key(.tab)], &state)
    #expect(state.frame().text.contains("half, seed 7"))
    #expect(state.training?.trace.records.count == 1)
    _ = state.perform([.reachWork(4)])
    #expect(state.dueWork == nil)
  }

  @Test func saysWhyItCannotGoOn() throws {
    var state = try state()
    state.openRace = { _ in throw GraphError("no images here") }
    _ = try press(["F"], &state)
    _ = try press([.key(.left)], &state)
    #expect(state.message == "no epoch is over yet")
    _ = state.perform([.reachWork(1)])
    #expect(state.frame().text.contains("It cannot go on: no images here"))
    state.openRace = nil
    _ = try press(["r"], &state)
    #expect(state.message == "there is nothing to learn from here")
  }

  /// Both go on: first what is looked at.
  @Test func whatIsLookedAtGoesOnFirst() throws {
    var state = try state()
    _ = state.perform([.openPage(.race), .openPage(.train)])
    #expect(state.dueWork?.id == state.training?.work.id)
    _ = state.perform([.openPage(.race)])
    #expect(state.dueWork?.id == state.race?.id)
    _ = state.perform([.reachWork(72), .openPage(nil)])
    #expect(state.dueWork?.id == state.training?.work.id)
  }

  @Test(arguments: [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func pages(width: Int, height: Int) throws {
    var state = try state(width: width, height: height)
    state.theme = Theme(hasColor: false)
    _ = state.perform([.openPage(.train), .reachWork(20)])
    _ = try press(["-"], &state)
    let middle = state.frame().text
    _ = state.perform([.reachWork(36)])
    _ = try press([.key(.left)], &state)
    expectSnapshot("\(middle)\n\n\(state.frame().text)", "page-train-\(width)x\(height)")
  }
}
