import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// The user's names of axes: by command, key, script and option, undone and recorded.
@Suite struct AxisNamingTests {
  private func state() throws -> State {
    try AxisFixture.state(AxisFixture.sequence(named: false), layer: "relu", kind: "spatial")
  }

  private func type(_ text: String, _ state: inout State) {
    _ = state.perform([.openPrompt("axes " + text)])
    _ = state.perform([.submit])
  }

  @Test func namesAreGivenSeenUndoneAndCopied() throws {
    var state = try state()
    let clean = state.observation.clean.elements
    #expect(state.observation.field.units.count == 16)
    type("N,C,W", &state)
    #expect(state.layer.layout.axes.text == "[N,C,W]")
    #expect((state.channels, state.plane.rows, state.plane.columns) == (12, 1, 16))
    // Kinds and meters follow; what was computed stays.
    #expect(state.observation.field.units.count == 12)
    #expect(state.observation.clean.elements == clean)
    #expect(state.commandLine.contains("--axes relu=N,C,W"))
    #expect(
      state.frame().row(1).contains("channel 0 of 12") || state.frame().row(1).contains("ch 0/12"))
    _ = state.perform([.undo])
    #expect(state.layer.layout.axes.text.contains("T?") && state.channels == 1)
    #expect(state.observation.field.units.count == 16)
    #expect(!state.commandLine.contains("--axes"))
    _ = state.perform([.redo])
    #expect(state.channels == 12 && state.observation.field.units.count == 12)
    type("own", &state)
    #expect(state.channels == 1 && state.experiment.axisNames.isEmpty)
    type("", &state)
    #expect(state.message?.contains("[N?,T?,F") == true)
  }

  @Test func anyValueCanBeNamedAndOthersFollow() throws {
    var state = try state()
    type("x = N, T, F", &state)
    // The dense layer keeps times and makes features.
    #expect(state.layer.layout.axes.text == "[N,T,F]")
    #expect(state.frame().row(1).contains("time × feature"))
    #expect(state.commandLine.contains("--axes x=N,T,F"))
  }

  @Test(arguments: [
    ("N,T", "axes: expected 3 names for relu [1,12,16], found 2 in [N,T]"),
    ("N,T,X", "expected N sample, C channel"), ("conv=N,T,F", "no layer conv"),
    ("N,N,F", "one sample axis"),
    ("=N,T,F", "NODE=N,T,F"), ("relu=", "NODE=N,T,F"),
  ])
  func mistakesAreOneLine(text: String, part: String) throws {
    var state = try state()
    let before = state.layer
    type(text, &state)
    let message = try #require(state.message)
    #expect(message.contains(part), "\(message)")
    #expect(!message.contains("\n"))
    #expect(state.layer == before && state.experiment.axisNames.isEmpty)
  }

  @Test func aKeyGoesThroughTheReadings() throws {
    var state = try state()
    let key = try #require(state.action(for: "a"))
    let guess = state.layer.layout.axes
    var seen: Set<[Axis]> = []
    for _ in 0..<30 {
      seen.insert(state.layer.layout.axes)
      _ = state.perform([key])
      if state.layer.layout.axes == guess { break }
    }
    #expect(state.layer.layout.axes == guess && state.experiment.axisNames.isEmpty)
    #expect(seen.count > 3)
    // The dense layer above makes features, so that no reading calls the last axis otherwise.
    #expect(seen.contains { $0.letters == "N,S,F" && !$0.contains { $0.isGuess } })
    #expect(seen.allSatisfy { $0.last?.name == .feature })
    // Where all is known there is nothing to go through.
    var known = try AxisFixture.state(AxisFixture.channelsLast(), layer: "last")
    _ = known.perform([key])
    #expect(known.experiment.axisNames.isEmpty)
    #expect(known.message?.contains("are known: [N,H,W,C]") == true)
  }

  @Test func scriptsCarryNames() throws {
    let action = try Action(scriptText: "axes relu=N,S,F")
    #expect(action == .nameAxes("relu=N,S,F") && action.scriptText == "axes relu=N,S,F")
    var state = try state()
    _ = state.perform([action])
    #expect(state.layer.layout.axes.text == "[N,S,F]")
  }

  /// A kind that cannot act on axes of such names keeps the names as they were.
  @Test func namesThatTheKindCannotActOnAreTakenBack() throws {
    let experiment = try AxisFixture.channelsLast()
    var state = try AxisFixture.state(experiment, layer: "last", kind: "block")
    _ = state.perform([.openPrompt("block 3"), .submit])
    let before = state.layer.layout
    type("N,S,T,F", &state)
    #expect(state.layer.layout == before && state.experiment.axisNames.isEmpty)
    #expect(state.message?.contains("rows and columns") == true)
    #expect(state.setting.kind == "block")
  }

  @Test func anOwnMaskGoesAlong() throws {
    var state = try state()
    _ = state.perform([.openPrompt("kind manual"), .submit])
    _ = state.perform([.placeCursor(row: 3, column: 4), .paint])
    let kept = state.observation.mask.kept.elements
    type("N,C,W", &state)
    #expect(state.setting.kind == "manual" && state.observation.mask.kept.elements == kept)
    #expect(state.observation.mask.layout == state.layer.layout)
    _ = state.perform([.paint])
    #expect(state.observation.mask.kept.elements != kept)
  }

  @Test func whileComparingBothSidesFollow() throws {
    var state = try state()
    _ = state.perform([.toggleComparison])
    _ = state.perform([.changeRate(hundredths: 20)])
    type("N,C,W", &state)
    let (a, b) = (try #require(state.compared(.a)), try #require(state.compared(.b)))
    #expect(a.observation.siteLayout == b.observation.siteLayout)
    #expect(a.observation.field.units.count == 12)
    #expect(state.comparison?.difference?.changed != nil)
  }
}
