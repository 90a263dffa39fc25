import Masks
import NeuralNet
import TensorCore
import Studies
import TerminalUI
import TestNetworks
import Testing

@testable import Scope

/// What the screen says is what is the case: of evaluation, noise, painted masks, several dropouts, lists
/// and numbers that are none.
@Suite struct ScreenWordsTests {
  private static func press(_ events: InputEvent..., on state: inout State) throws -> [Effect] {
    var effects: [Effect] = []
    for event in events {
      effects += state.perform([try #require(state.action(for: event), "\(event)")])
    }
    return effects
  }

  private static func rateLine(_ state: State) throws -> String {
    state.frame().row(try #require(ScreenLayout(state)).rate.y)
  }

  @Test func evaluationDropsNoneAndLeavesTheSliderWhereItIs() throws {
    for width in [80, 100, 120, 200] {
      var state = try Fixture.state(width: width)
      let training = try Self.rateLine(state)
      _ = try Self.press("t", on: &state)
      let evaluation = try Self.rateLine(state)
      #expect(evaluation.contains("evaluation: none dropped"), "\(evaluation)")
      #expect(!evaluation.contains("95 %") && !evaluation.contains(" in ."))
      for end in ["├", "┤"] {
        #expect(
          training.firstRange(of: end)?.lowerBound == evaluation.firstRange(of: end)?.lowerBound)
      }
    }
  }

  @Test func noiseIsToldByItsSpread() throws {
    var state = try Fixture.state(width: 120, kind: "gaussian")
    let line = try Self.rateLine(state)
    #expect(line.contains("factors: mean") && line.contains("(1.000 by p)"), "\(line)")
    #expect(!line.contains("0–0") && !line.contains("dropped"))
    // Values reach beyond the clean ones; the range of the third map is theirs.
    let scale = state.resultMap(state.observation).scale
    for offset in state.plane.offsets {
      let value = state.observation.dropped[offset]
      #expect(value >= scale.low && value <= scale.high)
    }
    _ = state.perform([.setRate(hundredths: 90)])
    #expect(try Self.rateLine(state).contains("(3.000 by p)"))
  }

  @Test func aPaintedMaskHasNoBand() throws {
    var state = try Fixture.state(width: 120)
    _ = state.perform([.openPrompt("kind manual"), .submit])
    let line = try Self.rateLine(state)
    #expect(line.contains("as painted") && !line.contains("95 %"), "\(line)")
  }

  @Test func severalDropoutsAreToldApart() throws {
    var state = try PlacingTests.state(width: 120, height: 24)
    let before = state.site.name
    #expect(!(try Self.rateLine(state)).contains(" at \(before)"))
    _ = state.perform([.togglePage(.network), .moveSelection(by: 3), .addDropout, .closeTop])
    let site = state.site.name
    #expect(site != before)
    #expect(try Self.rateLine(state).contains(" at \(site)"))
    let layout = try #require(ScreenLayout(state))
    if let meters = layout.meters, meters.height == 1 {
      #expect(state.frame().row(meters.y).contains("\(site):"))
    }
  }

  @Test func aRemovedDropoutOfTheModelIsSaidInOneWay() throws {
    let graph = try SmallNetwork.trainable()
    let input = SmallNetwork.numbers([1, 1, 8, 8], seed: 3)
    let experiment = try Experiment(
      Subject(network: Network(graph), input: input, inputName: "x.npy", modelName: "small"))
    var setting = Setting(layer: experiment.firstLayer.value)
    setting.isModelDropoutActive = true
    setting.isPlaced = false
    var state = try State(experiment, setting: setting, size: ScreenSize(width: 100, height: 24))
    let index = try #require(experiment.nodes.firstIndex { $0.ownDropout != nil })
    _ = state.perform([.togglePage(.network), .moveSelection(by: -99), .moveSelection(by: index)])
    _ = try Self.press("D", on: &state)
    #expect(state.message == "the model's own dropout is removed: d adds it again")
    #expect(state.frame().text.contains("removed: d adds it again"))
    _ = try Self.press("d", on: &state)
    #expect(state.setting.silenced.isEmpty)
  }

  @Test func sitesBeyondTheCandidatesAreCountedApart() throws {
    var state = try PlacingTests.state(width: 100, height: 24)
    let candidates = Set(state.experiment.sites.map(\.value))
    let other = try #require(
      state.experiment.layers.first {
        !candidates.contains($0.value)
          && state.experiment.canAct(state.setting.dropout(at: $0.value), seed: 7)
      })
    _ = state.perform([.openPrompt("layer \(other.name)"), .submit, .openPrompt("at"), .submit])
    _ = state.perform([.togglePage(.placement), .ofPage(.visitAll)])
    let title = state.frame().row(2)
    #expect(title.contains(" of \(candidates.count) sites and 1 other"), "\(title)")
  }

  @Test func theInspectorSaysWhatHappensToTheCell() throws {
    var state = try Fixture.state(width: 120, height: 40)
    var seen: Set<String> = []
    for offset in state.plane.offsets.prefix(40) {
      let text = FateText(state, offset: offset).pieces().joined().map(\.text).joined()
      if state.observation.mask.kept[offset] {
        #expect(text.contains("≥ p .50: kept ×2.00"), "\(text)")
        seen.insert("kept")
      } else {
        #expect(text.contains("< p .50: dropped"), "\(text)")
        seen.insert("dropped")
      }
      #expect(!text.contains("?"))
    }
    #expect(seen.count == 2)
    _ = state.perform([.toggleMode])
    #expect(
      FateText(state, offset: 0).pieces().joined().map(\.text).joined().contains("evaluation"))
  }

  @Test func namesOfNodesUseTheRoomThatDropoutsDoNot() throws {
    let name = "a_rather_long_name_of_a_layer_such_as_exporters_write"
    let graph = try Graph(
      name: "long", inputs: [Graph.Input("x", dims: [1, 1, 4, 4])], outputs: ["y"],
      nodes: [Node(name: name, "Relu", inputs: ["x"], outputs: ["y"])])
    let experiment = try Experiment(
      Subject(
        network: Network(graph), input: SmallNetwork.numbers([1, 1, 4, 4], seed: 3),
        inputName: "x.npy", modelName: "long"))
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.togglePage(.network)])
    let row = try #require((3..<20).map(state.frame().row).first { $0.contains("a_rather") })
    // Cut, for there is no room for all of it; but none is left free.
    #expect(row.split(separator: " ").last == ".50" && row.count >= 74, "\(row)")
  }

  @Test func samplesBeginByThemselvesAndSpaceHoldsThem() throws {
    var state = try PlacingTests.state()
    let effects = state.perform([.togglePage(.samples)])
    #expect(effects.contains(.startWork) && state.dueWork != nil)
    _ = state.perform([.reachWork(64)])
    #expect(state.ensemble?.count == 64)
    #expect(try Self.press(" ", on: &state).contains(.stopWork))
    #expect(state.dueWork == nil)
    _ = try Self.press(" ", on: &state)
    #expect(state.dueWork != nil)
    // What scripts say goes on where it did: `sample` begins.
    var script = try PlacingTests.state()
    _ = script.perform([.togglePage(.samples), .ofPage(.toggleSampling), .reachWork(64)])
    #expect(script.ensemble?.count == 64)
    _ = script.perform([.ofPage(.toggleSampling)])
    #expect(script.dueWork == nil)
  }

  @Test func leavingAsksWhereAPaintedMaskWouldBeLost() throws {
    var state = try Fixture.state()
    #expect(try Self.press("q", on: &state) == [.quit])
    _ = state.perform([.openPrompt("kind manual"), .submit])
    #expect(try Self.press("q", on: &state) == [.quit])
    _ = try Self.press(" ", on: &state)
    #expect(try Self.press("q", on: &state).isEmpty)
    #expect(state.frame().row(23).contains("not saved"))
    #expect(try Self.press("n", on: &state).isEmpty)
    #expect(state.overlay == nil && state.message?.contains(":save") == true)
    _ = try Self.press("q", on: &state)
    #expect(try Self.press("y", on: &state) == [.quit])
    // A signal does not wait for an answer, and a second q is one.
    #expect(state.perform([try #require(state.action(for: .terminate))]) == [.quit])
    _ = try Self.press("q", on: &state)
    #expect(try Self.press("q", on: &state) == [.quit])
    _ = state.perform([.closeTop])
    #expect(state.perform([.openPrompt("save m.npy"), .submit]) == [Self.saving])
    _ = state.perform([.saved(.mask)])
    #expect(try Self.press("q", on: &state) == [.quit])
  }

  private static let saving = Effect.save(.mask, path: "m.npy", overwrites: false)

  /// A file holds the mask as it was when it was asked for.
  @Test func whatIsPaintedWhileAMaskIsWrittenIsNotSaved() throws {
    var state = try Fixture.state()
    let paint = Action.paintCell(row: 1, column: 1, keeps: false)
    _ = state.perform([.openPrompt("kind manual"), .submit, paint])
    #expect(state.perform([.openPrompt("save m.npy"), .submit]) == [Self.saving])
    #expect(state.losesMask, "the file is not there yet")
    _ = state.perform([.paintCell(row: 2, column: 2, keeps: false), .saved(.mask)])
    #expect(state.losesMask)
    _ = state.perform([.openPrompt("save m.npy"), .submit, .saved(.mask)])
    #expect(!state.losesMask)
    // Going back to another mask than the file's, and forth.
    _ = state.perform([.undo])
    #expect(state.losesMask)
    _ = state.perform([.openPrompt("save m.npy"), .submit, .saved(.mask)])
    #expect(!state.losesMask)
    // A mask of another kind keeps no painted cell.
    _ = state.perform([paint, .openPrompt("kind element"), .submit])
    _ = state.perform([.openPrompt("save m.npy"), .submit, .saved(.mask)])
    #expect(state.losesMask)
  }

  @Test func blocksAnswerWithTheirRule() throws {
    var state = try Fixture.state()
    _ = try Self.press("B", on: &state)
    #expect(state.message?.contains("rule exact") == true && state.setting.kind == "block")
    _ = try Self.press("B", on: &state)
    #expect(state.message?.contains("rule") == true)
  }

  @Test func controlLDrawsTheScreenAnew() throws {
    var state = try Fixture.state()
    #expect(try Self.press(.control("l"), on: &state) == [.repaint])
  }

  /// Actions that keys may be read on after, without looking: those of every mode mean the same then.
  @Test func whatKeepsKeysKeepsThem() throws {
    let named = Action.named.map(\.action).filter(\.keepsKeys)
    #expect(named.contains(.resample) && !Action.toggleHelp.keepsKeys && !Action.quit.keepsKeys)
    let keys: [InputEvent] = Array(Bindings.defaultKeys.values.joined()) + [.key(.escape), "z"]
    for open in [nil] + State.Overlay.modes.map(Optional.some) {
      var state = try PlacingTests.state()
      if let open { state.overlay = open }
      for action in named {
        var after = state
        _ = after.perform([action])
        for key in keys { #expect(after.action(for: key) == state.action(for: key), "\(action)") }
      }
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity, 3.4e38, -3.4e38])
  func numbersBeyondAreNeverWrittenAsSuch(value: Float) throws {
    var values = SmallNetwork.numbers([1, 2, 6, 6], seed: 4)
    values[5] = value
    values[40] = -value
    let experiment = try Experiment(
      Subject(activations: values, inputName: "x.npy"))
    for kind in ["element", "spatial", "gaussian"] {
      for size in [(80, 24), (200, 60)] {
        let state = try State(
          experiment, setting: Setting(layer: experiment.firstLayer.value, kind: kind),
          size: ScreenSize(width: size.0, height: size.1), theme: Theme(hasColor: false))
        let meters = MeterText.all(state).map(\.value)
        #expect(meters.allSatisfy { !$0.contains("nan") && !$0.contains("inf") }, "\(meters)")
        // A finite number is never marked as one that is none.
        let scale = ValueScale(state.observation.clean, over: state.plane)
        #expect((scale.ink(value, state.theme).mark == .notFinite) == !value.isFinite)
      }
    }
  }
}
