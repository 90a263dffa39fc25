import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

/// Presses keys as a person would and returns the effects.
@discardableResult
private func press(_ keys: InputEvent..., on state: inout State) -> [Effect] {
  var effects: [Effect] = []
  for key in keys {
    if let action = state.action(for: key) { effects += state.perform([action]) }
  }
  return effects
}

@Suite struct UpdateTests {
  @Test func rateKeys() throws {
    var state = try Fixture.state()
    press("+", on: &state)
    #expect(state.setting.rate.p == 0.55)
    press("-", "-", ">", on: &state)
    #expect(state.setting.rate.p == 0.46)
    press("<", on: &state)
    #expect(state.setting.rate.p == 0.45)
    press("9", "+", "+", "+", on: &state)
    #expect(state.setting.rate.p == 1)
    press("0", "-", on: &state)
    #expect(state.setting.rate.p == 0)
  }

  @Test func theRateOnlyAddsOrRemovesCells() throws {
    var state = try Fixture.state()
    press("0", on: &state)
    var before = state.observation.mask.kept.elements
    for _ in 0..<20 {
      press("+", on: &state)
      let after = state.observation.mask.kept.elements
      #expect(zip(before, after).allSatisfy { $0 || !$1 })
      before = after
    }
    #expect(state.observation.mask.dropped == state.observation.layout.count)
  }

  @Test func spatialDropsWholeChannels() throws {
    var state = try Fixture.state()
    press("s", on: &state)
    #expect(state.setting.kind == "spatial")
    for channel in 0..<2 {
      let dropped = state.observation.mask.dropped(c: channel)
      #expect(dropped == 0 || dropped == 26 * 26)
    }
    press("s", on: &state)
    #expect(state.setting.kind == "element")
  }

  @Test func resamplingDrawsAnotherFieldAndSpaceRepeats() throws {
    var state = try Fixture.state()
    let first = state.observation.field
    press("r", on: &state)
    #expect(state.setting.seed == 8)
    #expect(state.observation.field != first)
    #expect(press(" ", on: &state) == [.startTicking(milliseconds: 33)])
    #expect(state.isResampling)
    _ = state.perform([.tick])
    #expect(state.setting.seed == 9)
    #expect(press(" ", on: &state) == [.stopTicking])
    _ = state.perform([.tick])
    #expect(state.setting.seed == 9)
  }

  @Test func evaluationIsTheIdentity() throws {
    var state = try Fixture.state()
    press("t", on: &state)
    #expect(state.observation.dropped == state.observation.clean)
    #expect(state.observation.realised.dropped == 0)
    press("i", "i", on: &state)
    #expect(state.setting.scaling == .weight)
    #expect(state.observation.dropped == state.observation.clean.map { $0 * 0.5 })
  }

  @Test func scalingCycles() throws {
    var state = try Fixture.state()
    let live = (0..<state.observation.layout.count).first {
      state.observation.fate(at: $0) == .live
    }
    let cell = try #require(live)
    let clean = state.observation.clean[cell]
    #expect(state.observation.dropped[cell] == clean * 2)
    press("i", on: &state)
    #expect(state.setting.scaling == .none)
    #expect(state.observation.dropped[cell] == clean)
    press("i", "i", on: &state)
    #expect(state.setting.scaling == .inverted)
  }

  @Test func everyChangeCanBeUndoneAndDoneAgain() throws {
    var state = try Fixture.state()
    let start = state.setting
    press("+", "s", "r", "n", "}", "t", on: &state)
    let (end, channel, mask) = (state.setting, state.channel, state.observation.mask)
    for _ in 0..<6 { press("u", on: &state) }
    #expect(state.setting == start)
    #expect(state.channel == 0)
    press("u", on: &state)
    #expect(state.message == "nothing to undo")
    for _ in 0..<6 { press(.control("r"), on: &state) }
    #expect(state.setting == end)
    #expect(state.channel == channel)
    #expect(state.observation.mask == mask)
    press("u", "+", .control("r"), on: &state)
    #expect(state.message == "nothing to redo")
  }

  @Test func fieldsThatComeByThemselvesAreNotUndone() throws {
    var state = try Fixture.state()
    press("+", " ", on: &state)
    for _ in 0..<5 { _ = state.perform([.tick]) }
    press(" ", "u", on: &state)
    #expect(state.setting.rate.p == 0.5)
  }

  @Test func theCommandLineNamesEverythingChosen() throws {
    var state = try Fixture.state()
    press("+", "s", "r", "i", "n", on: &state)
    #expect(
      state.commandLine
        == "dropscope --layer relu1 --kind spatial --rate 0.55 --seed 8 --scale none --mode train"
        + " --channel 1")
    #expect(press("y", on: &state) == [.copy(state.commandLine)])
  }

  @Test func theCursorStaysOnTheMap() throws {
    var state = try Fixture.state()
    for _ in 0..<40 { press(.key(.left), "k", on: &state) }
    #expect(state.cursor == State.Cursor(row: 0, column: 0))
    for _ in 0..<40 { press("l", .key(.down), on: &state) }
    #expect(state.cursor == State.Cursor(row: 25, column: 25))
  }

  @Test func channelsWrapAndLayersStop() throws {
    var state = try Fixture.state()
    press("n", on: &state)
    #expect(state.channel == 1)
    press("n", on: &state)
    #expect(state.channel == 0)
    press("N", on: &state)
    #expect(state.channel == 1)
    press("{", on: &state)
    #expect(state.layer.name == "conv1")
    press("{", on: &state)
    #expect(state.layer.opType == "Input")
    #expect(state.channel == 0)
    press("{", on: &state)
    #expect(state.message == "this is the first layer")
  }

  @Test func theListOfLayersChooses() throws {
    var state = try Fixture.state()
    press("L", .key(.up), .key(.enter), on: &state)
    #expect(state.layer.name == "conv1")
    #expect(state.overlay == nil)
    press("L", .key(.escape), on: &state)
    #expect(state.overlay == nil)
  }

  @Test func unknownKeysSaySoAndQuitQuits() throws {
    var state = try Fixture.state()
    press("Z", on: &state)
    #expect(state.message == "Z does nothing here; ? shows the keys")
    press("?", on: &state)
    #expect(state.overlay == .help(scroll: 0))
    #expect(press("q", on: &state) == [.quit])
    #expect(press(.control("c"), on: &state) == [.quit])
  }

  @Test func heldKeysAreObservedOnce() throws {
    var state = try Fixture.state()
    _ = state.perform(Array(repeating: .resample, count: 50))
    #expect(state.setting.seed == 57)
    let direct = try Fixture.experiment().observe(state.setting)
    #expect(state.observation.mask == direct.mask)
  }

  @Test func noKeyIsBoundTwice() {
    let overlays: [State.Overlay?] = [
      nil, .help(scroll: 0), .layers(selected: 0), .grid(selected: 0), .palette,
    ]
    for overlay in overlays {
      for compares in [false, true] {
        let keys = Bindings.active(overlay, compares: compares).flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
      }
    }
  }
}
