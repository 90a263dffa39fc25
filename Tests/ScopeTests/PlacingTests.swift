import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing
import TestNetworks

@testable import Scope

/// Dropout put on edges, taken away, walked along the graph.
@Suite struct PlacingTests {
  /// conv → ReLU → max-pool → flatten → dense → ReLU → dense, ten classes: every usual place.
  static func state(width: Int = 80, height: Int = 24) throws -> State {
    let experiment = try Experiment(
      Subject(
        network: Network(try SmallNetwork.classifier()), input: SmallNetwork.seven(),
        inputName: "seven",
        modelName: "small", arguments: ["seven", "--model", "small"]))
    return try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: width, height: height))
  }

  /// Marks the row of a node in the list of the graph.
  private func mark(_ name: String, _ state: inout State) throws {
    let index = try #require(state.experiment.nodes.firstIndex { $0.name == name })
    guard case .page(.network, let selected)? = state.overlay else {
      Issue.record("the list is not open")
      return
    }
    _ = state.perform([.moveSelection(by: index - selected.row)])
  }

  @Test func dropoutIsPutOnTheMarkedEdgeWithItsOwnSettings() throws {
    var state = try Self.state()
    _ = state.perform([.setRate(hundredths: 30), .togglePage(.network)])
    try mark("pool", &state)
    _ = state.perform([try #require(state.action(for: "d"))])
    #expect(state.experiment.dropouts(of: state.setting).map(\.site) == ["p", "r"])
    _ = state.perform([.toggleSpatial, .changeRate(hundredths: 20)])
    #expect(state.placed(at: "p")?.kind == "spatial")
    #expect(state.placed(at: "p")?.rate.p == 0.5)
    #expect(state.placed(at: "r")?.kind == "element")
    #expect(state.placed(at: "r")?.rate.p == 0.3)
    #expect(state.observation.run.masks.keys.sorted() == ["p", "r"])
    // A key changes the dropout of the marked row, whichever is in hand.
    try mark("relu", &state)
    _ = state.perform([.changeRate(hundredths: 5)])
    #expect(state.placed(at: "r")?.rate.p == 0.35)
    #expect(state.site.name == "relu")
    #expect(state.placed(at: "p")?.rate.p == 0.5)
  }

  @Test func bothMasksActAsOneRunWithBothWould() throws {
    var state = try Self.state()
    _ = state.perform([.togglePage(.network)])
    try mark("dense1", &state)
    _ = state.perform([.addDropout, .setRate(hundredths: 20)])
    let run = try state.experiment.subject.network.run(
      from: state.experiment.clean,
      placements: [
        Placement(
          site: "d1", dropout: Dropout(ElementDropout(), rate: try Rate(0.2)), seed: 7),
        Placement(
          site: "r", dropout: Dropout(ElementDropout(), rate: try Rate(0.5)), seed: 7),
      ])
    #expect(state.observation.output?.elements == run.tensor("out")?.elements)
    #expect(state.observation.output?.elements != state.observation.cleanOutput?.elements)
  }

  @Test func theLastDropoutCanBeTakenAway() throws {
    var state = try Self.state()
    _ = state.perform([.togglePage(.network), .removeDropout])
    #expect(state.experiment.dropouts(of: state.setting).isEmpty)
    #expect(state.observation.output?.elements == state.observation.cleanOutput?.elements)
    #expect(state.observation.mask.dropped == 0)
    #expect(state.commandLine.contains("--at none"))
    _ = state.perform([.removeDropout])
    #expect(state.message?.contains("d adds one") == true)
    _ = state.perform([.addDropout])
    #expect(state.placed(at: "r")?.rate.p == 0.5)
    _ = state.perform([.undo])
    #expect(state.experiment.dropouts(of: state.setting).isEmpty)
  }

  @Test func whereOneSitsAlreadyNoOtherIsPut() throws {
    var state = try Self.state()
    let before = state.setting
    _ = state.perform([.togglePage(.network), .addDropout])
    #expect(state.setting == before)
    #expect(state.message?.contains("already") == true)
  }

  @Test func aSiteThatIsNotThereIsOneLine() throws {
    var state = try Self.state()
    let before = state.setting
    _ = state.perform([.openPrompt("at convx"), .submit])
    #expect(state.setting == before)
    #expect(state.message?.contains("no layer convx") == true)
    let experiment = state.experiment
    for text in [
      "", "relu", "relu=element", "relu=element,2", "convx=element,.5", "relu=element,.5,block=0",
      "relu=element,.5,x=1", "relu=manual,.5", "=element,.5", "relu=element,.5,",
    ] {
      #expect(throws: (any Error).self, "\(text)") {
        try PlacedDropout(parsing: text, in: experiment)
      }
    }
  }

  @Test func twoDropoutsOnOneEdgeAreRefused() throws {
    let experiment = try Self.state().experiment
    var setting = Setting(layer: "r")
    setting.others = [PlacedDropout(site: "r")]
    #expect(throws: GraphError.self) { try experiment.observe(setting) }
  }

  @Test func walkingVisitsEverySensibleSiteAndComesRound() throws {
    var state = try Self.state()
    _ = state.perform([.togglePage(.network)])
    let sites = state.experiment.sites.map(\.name)
    #expect(sites.count >= 5, "\(sites)")
    var seen: [String] = []
    for _ in sites {
      _ = state.perform([try #require(state.action(for: "p"))])
      seen.append(state.site.name)
      #expect(state.message?.contains("of \(sites.count)") == true)
    }
    #expect(Set(seen) == Set(sites))
    #expect(state.site.name == "relu")
    #expect(state.placementTable.entries.count == sites.count)
    _ = state.perform([.walkDropout(by: -1)])
    #expect(state.site.name == seen[seen.count - 2])
    #expect(
      state.placementTable.entries.count == sites.count, "a site visited again is no new rung")
  }

  @Test func whatDropsTheSameIsOpenedAgainByItsCommand() throws {
    var state = try Self.state()
    _ = state.perform([.togglePage(.network)])
    try mark("pool", &state)
    _ = state.perform([.addDropout, .nextBlockRule, .setRate(hundredths: 20), .nextScaling])
    try mark("dense1", &state)
    _ = state.perform([.walkDropout(by: 1)])
    let words = state.arguments()
    let also = zip(words, words.dropFirst()).filter { $0.0 == "--add-dropout" }.map(\.1)
    #expect(also.count == 1)
    let read = try also.map { try PlacedDropout(parsing: $0, in: state.experiment) }
    #expect(read == state.setting.others)
  }

  @Test func textOfEveryKindReadsBack() throws {
    let experiment = try Self.state().experiment
    for kind in KindRegistry.names where kind != "manual" {
      var placed = PlacedDropout(site: "p", kind: kind, rate: try Rate(0.125))
      #expect(try PlacedDropout(parsing: placed.text(name: "pool"), in: experiment) == placed)
      placed.kinds.block = try BlockSize(parsing: "3x5")
      placed.kinds.blockRule = .paper
      placed.kinds.weightMode = .perSample
      placed.scaling = .weight
      #expect(try PlacedDropout(parsing: placed.text(name: "pool"), in: experiment) == placed)
    }
  }

  @Test func onlyWhatLiesBelowIsComputedAgain() throws {
    var state = try Self.state()
    let whole = state.experiment.signature.multiplyAdds.reduce(0, +)
    #expect(state.observation.cost.total == whole && whole > 0)
    let again = state.observation.cost.recomputed
    #expect(again < whole)
    _ = state.perform([.togglePage(.network), .walkDropout(by: 1), .walkDropout(by: 1)])
    #expect(state.observation.cost.recomputed < again || state.site.name == "dense1")
    #expect(state.frame().text.contains("reused"))
  }
}

extension PlacedDropout {
  /// Reads what `text` writes, at the layers of an experiment.
  fileprivate init(parsing text: String, in experiment: Experiment) throws {
    try self.init(parsing: text, as: "add-dropout") { try experiment.layer(named: $0).value }
  }
}
