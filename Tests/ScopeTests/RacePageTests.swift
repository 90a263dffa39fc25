import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import TestNetworks
import Testing

/// Trainings beside each other, on a network that learns in a moment.
@Suite struct RacePageTests {
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

  @Test func beginsWithThePageAndEndsInAVerdict() throws {
    var state = try state()
    #expect(try press(["C"], &state) == [.startWork])
    #expect(state.frame().text.contains("A  no dropout"))
    var work = try #require(state.dueWork as? RaceWork)
    #expect(work.job.variants.map(\.name) == ["no dropout", "dropout"])
    // 12 epochs of 3 batches, twice; news come when they come.
    for count in [1, 7, 30] {
      work.advance(to: count)
      state.receive(work)
      _ = state.perform([.reachWork(count)])
      #expect(state.race?.count == count && work.goal == 72)
    }
    let middle = state.frame().text
    #expect(middle.contains("epoch 5/12") || middle.contains("epoch 6/12"), "\(middle)")
    work.advance(to: 72)
    state.receive(work)
    #expect(state.perform([.reachWork(72)]) == [.stopWork])
    #expect(state.dueWork == nil && state.race?.isDone == true)
    let report = try #require(state.race?.report)
    let words = try #require(report.verdict?.sentence.split(separator: " ").first)
    #expect(state.frame().text.contains("Verdict: \(words)"))
    // The same as the race without a screen.
    var race = try Bars.openRace(work.job).race
    try race.run(seconds: { 0 }, while: { true }) { _, _ in }
    #expect(race.outcomes[0] == [0, 1].map { state.race?.opened?.race.outcomes[0][$0] })
  }

  /// In whatever portions it is told of, a script comes to the same.
  @Test func aScriptComesToTheSame() throws {
    var (a, b) = (try state(), try state())
    for count in stride(from: 5, through: 75, by: 5) {
      _ = a.perform([count == 5 ? .openPage(.race) : .reachWork(count)])
    }
    _ = b.perform([.openPage(.race)])
    _ = b.perform([.reachWork(72)])
    #expect(a.frame() == b.frame() && a.race?.isDone == true)
  }

  @Test func aRateChangedMeanwhileIsASegment() throws {
    var state = try state()
    _ = try press(["C"], &state)
    _ = state.perform([.reachWork(20)])
    let before = try #require(state.race)
    // What was told of the race before the key is of another.
    #expect(try press(["-", "-"], &state).contains(.startWork))
    var late = before
    late.advance(to: 60)
    state.receive(late)
    #expect(state.race?.count == 20)
    let race = try #require(state.race)
    #expect(race.segments(of: 1).map(\.rate.p) == [0.4] && race.segments(of: 1)[0].before.p == 0.5)
    #expect(state.frame().text.contains("relu1 element .50 → .40 from 4"))
    var changed = race
    changed.advance(to: 72)
    late.advance(to: 72)
    // The other variant's bits stay; this one's go another way from there on.
    #expect(changed.records(of: 0) == late.records(of: 0))
    #expect(changed.records(of: 1).prefix(3) == late.records(of: 1).prefix(3))
    #expect(changed.records(of: 1).last != late.records(of: 1).last)
    // A variant without dropout has no rate.
    _ = try press([.key(.tab), "+"], &state)
    #expect(state.message == "no dropout drops nothing; Tab goes on")
  }

  @Test func aVariantMoreIsADropoutThatIsShown() throws {
    var state = try state()
    _ = try press(["C"], &state)
    _ = state.perform([.reachWork(30)])
    // What is shown races already.
    _ = try press(["a"], &state)
    #expect(state.message == "variant B is just that: change the dropout in the maps first")
    _ = state.perform([.openPage(nil), .setRate(hundredths: 20), .openPage(.race)])
    #expect(try press(["a"], &state).contains(.startWork))
    let work = try #require(state.dueWork as? RaceWork)
    #expect(work.job.variants.map(\.name) == ["no dropout", "dropout", "dropout 2"])
    #expect(work.count == 30 && work.goal == 108)
    // Three have no room beside each other here: rows, and one chart.
    #expect(state.frame().text.contains("held-out loss") && state.frame().text.contains(" C "))
    _ = state.perform([.reachWork(108)])
    #expect(state.race?.isDone == true && state.race?.report?.verdicts.count == 2)
    // The verdict is the marked one's.
    #expect(state.frame().text.contains("no dropout and dropout 2"), "\(state.frame().text)")
    _ = try press([.key(.tab), .key(.tab)], &state)
    #expect(!state.frame().text.contains("and dropout 2"))
    for rate in 3...7 {
      _ = state.perform([.openPage(nil), .setRate(hundredths: 10 * rate), .openPage(.race)])
      _ = try press(["a"], &state)
    }
    #expect(state.race?.job.variants.count == 7)
    _ = state.perform([.openPage(nil), .setRate(hundredths: 80), .openPage(.race)])
    _ = try press(["a", "a"], &state)
    #expect(state.race?.job.variants.count == 8)
    #expect(state.message == "there are 8 variants: no room for another")
  }

  @Test func spacePausesAndRBeginsAgain() throws {
    var state = try state()
    _ = try press(["C"], &state)
    _ = state.perform([.reachWork(10)])
    #expect(try press([" "], &state) == [.stopWork])
    #expect(state.frame().text.contains("paused") && state.dueWork == nil)
    #expect(try press([" "], &state) == [.startWork])
    // It goes on behind other pages.
    _ = try press(["C"], &state)
    #expect(state.page == nil && state.dueWork?.count == 10)
    _ = state.perform([.resample, .openPage(.race)])
    #expect(try press(["r"], &state) == [.startWork])
    #expect(state.race?.count == 0 && state.race?.job.seeds == [8])
  }

  @Test func whatHasLearntIsOpenedInTheMaps() throws {
    var state = try state()
    _ = try press(["C"], &state)
    _ = try press(["o"], &state)
    #expect(state.message == "dropout has not begun")
    _ = state.perform([.reachWork(72)])
    let before = state.observation.clean
    _ = try press(["o"], &state)
    #expect(state.page == nil && state.observation.clean != before)
    #expect(state.frame().text.contains("small, dro"))
    #expect(state.message?.hasPrefix("dropout after 12 of 12 epochs") == true)
  }

  @Test func saysWhyItCannotGoOn() throws {
    var state = try state()
    state.openRace = { _ in throw GraphError("no images here") }
    _ = try press(["C"], &state)
    _ = state.perform([.reachWork(1)])
    #expect(state.frame().text.contains("It cannot go on: no images here"))
    state.openRace = nil
    _ = try press(["r"], &state)
    #expect(state.message == "there is nothing to learn from here")
  }

  @Test(arguments: [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func pages(width: Int, height: Int) throws {
    var state = try state(width: width, height: height)
    state.theme = Theme(hasColor: false)
    _ = state.perform([.openPage(.race), .reachWork(40)])
    _ = try press(["-"], &state)
    let middle = state.frame().text
    _ = state.perform([.reachWork(72)])
    expectSnapshot("\(middle)\n\n\(state.frame().text)", "page-race-\(width)x\(height)")
  }

  @Test(arguments: [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func pagesOfFour(width: Int, height: Int) throws {
    var state = try state(width: width, height: height)
    state.theme = Theme(hasColor: false)
    _ = state.perform([.openPage(.race), .reachWork(40)])
    for rate in [2, 8] {
      _ = state.perform([.openPage(nil), .setRate(hundredths: 10 * rate), .openPage(.race)])
      _ = try press(["a"], &state)
    }
    let middle = state.frame().text
    _ = state.perform([.reachWork(144)])
    expectSnapshot("\(middle)\n\n\(state.frame().text)", "page-race-four-\(width)x\(height)")
  }
}
