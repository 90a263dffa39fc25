import Insight
import Masks
import NeuralNet
import Synchronization
import TensorCore
import TerminalUI
import TestNetworks
import Testing

@testable import Scope
@testable import Studies

/// Masks that are added up: the same sums wherever and in whatever portions that is done.
@Suite struct WorkTests {
  @Test func portionsDoNotMatter() throws {
    func ensemble(_ counts: [Int]) throws -> Ensemble {
      var state = try PlacingTests.state()
      _ = state.perform([.togglePage(.samples), .ofPage(.toggleSampling)])
      for count in counts { _ = state.perform([.reachWork(count)]) }
      return try #require(state.ensemble?.sum as? Ensemble)
    }
    let (whole, parts) = (try ensemble([96]), try ensemble([16, 16, 40, 8, 96]))
    #expect(whole.count == 96 && parts.count == 96)
    #expect(whole.mean.elements == parts.mean.elements)
    #expect(whole.survival.elements == parts.survival.elements)
    #expect(whole.classes == parts.classes)
  }

  @Test func whatAnotherThreadDidIsTakenOver() throws {
    var state = try PlacingTests.state()
    #expect(state.perform([.togglePage(.samples)]) == [.startWork])
    #expect(state.perform([.ofPage(.toggleSampling)]) == [])
    var work = try #require(state.dueWork)
    work.advance(to: 64)
    state.receive(work)
    #expect(state.perform([.reachWork(64)]) == [])
    #expect(state.ensemble?.count == 64)
    #expect(state.frame().text.contains("T = 64 samples"))
    // Held, it stays; a work that nobody waits for changes nothing.
    #expect(state.perform([.ofPage(.toggleSampling)]) == [.stopWork])
    #expect(state.perform([.changeRate(hundredths: 5)]) == [])
    #expect(state.ensemble?.count == 0)
    state.receive(work)
    #expect(state.ensemble?.count == 0)
  }

  @Test func anotherRateBeginsAgainAndGoesOn() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.togglePage(.samples), .ofPage(.toggleSampling)])
    _ = state.perform([.reachWork(32)])
    #expect(state.perform([.setRate(hundredths: 20)]) == [.startWork])
    _ = state.perform([.reachWork(400)])
    let ensemble = try #require(state.ensemble?.sum as? Ensemble)
    let kept = ensemble.survival.elements.reduce(0, +) / Float(ensemble.survival.count)
    #expect(abs(kept - 0.8) < 0.01)
    // Closed, it waits.
    #expect(state.perform([.togglePage(.samples)]) == [.stopWork])
  }

  @Test func keysDrawnByTheWorkChangeNoHistoryAndNoMessage() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.setRate(hundredths: 30), .togglePage(.samples), .ofPage(.toggleSampling)])
    _ = state.perform([.inform("said")])
    _ = state.perform([.reachWork(16)])
    #expect(state.message == "said")
    _ = state.perform([.undo])
    #expect(state.setting.rate.p == 0.5)
  }

  /// Above the site as well: samples and votes start from where the view does.
  @Test func theModelsOwnDropoutsActInSamplesAndVotesWhereTheyActInTheView() throws {
    func classes(modelDropout: Bool) throws -> [ClassSums] {
      let network = Network(try SmallNetwork.trainable())
      let experiment = try Experiment(
        Subject(
          network: network, input: SmallNetwork.numbers([1, 1, 8, 8], seed: 3),
          inputName: "x.npy", modelName: "small"))
      let own = experiment.nodes.filter { $0.ownDropout != nil }.map(\.value)
      let relus = experiment.nodes.filter { $0.opType == "Relu" }.map(\.value)
      var setting = Setting(layer: relus[1])
      (setting.rate, setting.isModelDropoutActive) = (Rate(clamping: 0), modelDropout)
      setting.silenced = [own[1]]
      var state = try State(
        experiment, setting: setting, size: ScreenSize(width: 100, height: 24))
      let moved = state.observation.output?.elements != state.observation.cleanOutput?.elements
      #expect(moved == modelDropout)
      _ = state.perform([
        .togglePage(.samples), .ofPage(.toggleSampling), .reachWork(32), .closeTop,
      ])
      _ = state.perform([.togglePage(.effect), .ofPage(.countVotes), .reachWork(200)])
      return [
        try #require((state.ensemble?.sum as? Ensemble)?.classes),
        try #require((state.votes?.sum as? Votes)?.classes),
      ]
    }
    let (on, off) = (try classes(modelDropout: true), try classes(modelDropout: false))
    #expect(on.map(\.count) == [32, 200] && off.map(\.count) == [32, 200])
    #expect(on.allSatisfy { $0.deviations.contains { $0 > 0.001 } })
    #expect(off.allSatisfy { $0.deviations.allSatisfy { $0 < 1e-6 } })
  }

  @Test func labelsAreCountedWithTheirInterval() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.togglePage(.effect)])
    #expect(state.frame().text.contains("x counts classes over 200 masks"))
    #expect(state.perform([try #require(state.action(for: "x"))]) == [.startWork])
    #expect(state.perform([.reachWork(200)]) == [.stopWork])
    let votes = try #require(state.votes?.sum as? Votes)
    #expect(votes.count == 200)
    let share = votes.flips
    #expect(state.frame().text.contains("changed \(share.count)/200"))
    let named = (0..<10).reduce(0) { $0 + votes.share(of: $1).count }
    #expect(named == 200)
    #expect(votes.share(of: votes.label).count == 200 - share.count)
    _ = state.perform([.changeRate(hundredths: 5)])
    #expect(state.votes == nil, "counted under another rate")
  }

  @Test func noMasksSayNothing() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.openPrompt("masks 0"), .submit])
    #expect(state.masks == 0)
    _ = state.perform([.togglePage(.effect), .ofPage(.countVotes)])
    _ = state.perform([.reachWork(0)])
    #expect(state.dueWork == nil)
    #expect(state.frame().text.contains("changed 0/0 = - in .000–1.000"))
    _ = state.perform([.closeTop, .togglePage(.placement)])
    _ = state.perform([.reachWork(0)])
    #expect(state.placementTable.entries.count == 1)
    #expect(state.dueWork == nil)
    #expect(state.frame().text.contains("0 masks each"))
    _ = state.perform([.closeTop, .togglePage(.samples)])
    #expect(state.frame().text.contains("T = 0 samples"))
  }

  @Test func tooManyMasksAreRefusedWithTheMost() throws {
    var state = try PlacingTests.state()
    for text in ["1000001", "99999999999999999999", "-1", "", "many"] {
      _ = state.perform([.openPrompt("masks \(text)"), .submit])
      #expect(state.message?.contains("0 to 1000000") == true, "\(text)")
    }
    #expect(state.masks == 200)
    // The ensemble ends at the most, and says so; sums take the same memory all along.
    let experiment = state.experiment
    var work = Work(id: 1, job: Job(.samples(state.setting), masks: 8)) {
      Work.Start(
        runs: MonteCarlo(
          experiment.subject.network, clean: experiment.clean, placements: [], wanted: [],
          context: RunContext(mode: .train)),
        empty: Ensemble(experiment.subject.network, clean: experiment.clean, site: "r"))
    }
    work.advance(to: 1_000_000)
    #expect(work.count == 8 && work.isOver)
  }

  @Test func aWorkThatIsToldToStopIsAsItWas() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.togglePage(.samples), .ofPage(.toggleSampling)])
    _ = state.perform([.reachWork(16)])
    var work = try #require(state.dueWork as? Work)
    let left = Mutex(5)
    work.advance(to: 64) {
      left.withLock { left in
        left -= 1
        return left > 0
      }
    }
    #expect(work.count == 16 && work.problem == nil)
    work.advance(to: 64)
    #expect(work.count == 64)
    _ = state.perform([.reachWork(64)])
    let (whole, stopped) = (state.ensemble?.sum as? Ensemble, work.sum as? Ensemble)
    #expect(whole?.mean.elements == stopped?.mean.elements)
  }

  @Test func theOrderOfPoolAndDropoutComesBackToTheTable() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.togglePage(.placement), .togglePage(.pooling)])
    #expect(state.page == .pooling)
    _ = state.perform([.togglePage(.pooling)])
    #expect(state.overlay == .page(.placement, selected: 0))
  }

  @Test func aWorkThatCannotGoOnSaysWhy() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.togglePage(.placement)])
    let work = state.placementTable.entries[0].work
    state.placementTable.entries[0].work = Work(id: work.id, job: work.job) {
      throw GraphError("nothing fits")
    }
    _ = state.perform([.reachWork(8)])
    #expect(state.placementTable.entries[0].work.isOver)
    #expect(state.frame().text.contains("nothing fits"))
  }

  @Test func theTableKeepsItsRowsAndSortsThem() throws {
    var state = try PlacingTests.state()
    _ = state.perform([.openPrompt("masks 24"), .submit])
    _ = state.perform([.togglePage(.placement), .ofPage(.visitAll)])
    let count = state.experiment.sites.count
    #expect(state.placementTable.entries.count == count)
    while state.dueWork != nil { _ = state.perform([.reachWork(24)]) }
    #expect(state.placementTable.entries.allSatisfy { $0.row?.count == 24 })
    let visits = state.placementTable.sorted.map(\.placed.site)
    for index in PlacementColumns.columns.indices {
      _ = state.perform([.ofPage(.sortTable, by: 1)])
      #expect(state.placementTable.column == index)
      let values = state.placementTable.sorted.map {
        $0.row.flatMap(PlacementColumns.columns[index].value)
      }
      let numbers = values.compactMap { $0 }
      #expect(numbers == numbers.sorted())
      #expect(values.suffix(values.count - numbers.count).allSatisfy { $0 == nil })
      _ = state.perform([.ofPage(.reverseTable)])
      let turned = state.placementTable.sorted.compactMap {
        $0.row.flatMap(PlacementColumns.columns[index].value)
      }
      #expect(turned == turned.sorted(by: >))
      _ = state.perform([.ofPage(.reverseTable)])
    }
    _ = state.perform([.ofPage(.sortTable, by: 1)])
    #expect(
      state.placementTable.column == nil && state.placementTable.sorted.map(\.placed.site) == visits
    )
    // Enter puts the dropout where the marked row was measured.
    _ = state.perform([.moveSelection(by: 100), .chooseSelection])
    #expect(state.site.value == visits.last)
    #expect(state.overlay == nil)
  }

  @Test func thePromptAndTheHelpComeBackToThePage() throws {
    for overlay in State.Overlay.modes where overlay.isPage {
      var state = try PlacingTests.state()
      state.overlay = overlay
      _ = state.perform([.openPrompt("rate .2"), .submit])
      #expect(state.overlay == overlay)
      #expect(state.setting.rate.p == 0.2)
      _ = state.perform([.toggleHelp])
      var help = ""
      for _ in 0..<4 {
        help += state.frame().text
        _ = state.perform([.scroll(by: 10)])
      }
      #expect(help.contains("keys: \(try #require(state.page).title)"))
      for binding in Bindings.active(overlay) { #expect(help.contains(binding.help)) }
      _ = state.perform([.closeTop])
      #expect(state.overlay == overlay)
      _ = state.perform([.closeTop])
      #expect(state.overlay == nil)
    }
  }

  @Test func everyPageIsSavedAndPlayedBack() throws {
    let actions: [Action] = [
      .togglePage(.network), .addDropout, .walkDropout(by: 1), .closeTop, .togglePage(.effect),
      .ofPage(.countVotes),
      .reachWork(40), .closeTop, .togglePage(.samples), .ofPage(.toggleSampling), .reachWork(24),
    ]
    var (played, direct) = (try PlacingTests.state(), try PlacingTests.state())
    for action in actions {
      let text = try #require(action.scriptText)
      _ = played.perform([try Action(scriptText: text)])
      _ = direct.perform([action])
    }
    #expect(played.frame() == direct.frame())
    #expect(played.frame().text.contains("T = 24"))
  }
}
