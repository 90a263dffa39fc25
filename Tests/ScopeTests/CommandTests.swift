import Masks
import Scope
import Studies
import TensorCore
import TerminalUI
import Testing

/// The command line, painting and the mouse.
@Suite struct CommandTests {
  /// Types a line after `:` and Enter.
  private func type(_ line: String, on state: inout State) -> [Effect] {
    var effects: [Effect] = []
    let keys = [InputEvent.character(":")] + line.unicodeScalars.map { .character($0) }
    for key in keys + [.key(.enter)] {
      if let action = state.action(for: key) { effects += state.perform([action]) }
    }
    return effects
  }

  @Test func settingsByName() throws {
    var state = try Fixture.state()
    #expect(type("rate .35", on: &state).isEmpty)
    #expect(state.setting.rate.p == 0.35)
    _ = type("kind spatial", on: &state)
    #expect(state.setting.kind == "spatial")
    _ = type("block 3x5", on: &state)
    #expect(state.setting.kind == "block")
    #expect(state.observation.kind.hasPrefix("block 3×5"))
    _ = type("block-rule timm", on: &state)
    #expect(state.setting.kinds.blockRule == .timm)
    _ = type("seed 99", on: &state)
    #expect(state.setting.seed == 99)
    _ = type("scale none", on: &state)
    #expect(state.setting.scaling == .none)
    _ = type("mode eval", on: &state)
    #expect(state.setting.mode == .eval)
    _ = type("channel 1", on: &state)
    #expect(state.channel == 1)
    _ = type("layer conv1", on: &state)
    #expect(state.layer.name == "conv1")
    _ = type("at relu1", on: &state)
    #expect(state.site.name == "relu1")
    _ = type("at", on: &state)
    #expect(state.site.name == "conv1")
    #expect(
      type("save mask.npy", on: &state) == [
        .save(.mask, path: "mask.npy", overwrites: false)
      ])
    #expect(type("quit", on: &state) == [.quit])
  }

  @Test(arguments: [
    ("rate 1.5", "rate: expected a number from 0 to 1, found 1.5"),
    ("rate", "rate: expected a number from 0 to 1, found nothing"),
    ("kind gauss", "kind: expected element"), ("block 99", "99×99"),
    ("channel 2", "channel: expected 0 to 1, found 2"), ("rte .5", "no command rte; nearest: rate"),
    ("layer rleu1", "no layer rleu1"), ("kind weight", "expected conv1, found relu1"),
    ("kind max-pool", "max-pool dropout acts on the input of a MaxPool"),
    ("save mask.png", ".npy or .csv"),
  ])
  func badCommandsChangeNothing(line: String, message: String) throws {
    var state = try Fixture.state()
    let before = state
    _ = type(line, on: &state)
    #expect(state.message?.contains(message) == true, "\(state.message ?? "")")
    #expect(state.setting.kind == before.setting.kind)
    #expect(state.setting.rate == before.setting.rate)
    #expect(state.observation.mask == before.observation.mask)
  }

  @Test("a file that is there is asked about; yes writes over it, anything else does not")
  func overwriting() throws {
    for (key, effects, message) in [
      ("y", [Effect.save(.graph, path: "my lenet.onnx", overwrites: true)], nil),
      ("n", [], "my lenet.onnx stays as it is"),
    ] as [(Character, [Effect], String?)] {
      var state = try Fixture.state()
      _ = state.perform([.togglePage(.network)])
      #expect(
        type("save my lenet.onnx", on: &state)
          == [.save(.graph, path: "my lenet.onnx", overwrites: false)])
      _ = state.perform([.askToOverwrite(.graph, path: "my lenet.onnx")])
      let line = state.frame().row(23)
      #expect(line.contains("my lenet.onnx is there already: overwrite?"), "\(line)")
      #expect(line.contains("y yes") && line.contains("n Esc no"), "\(line)")
      #expect(state.action(for: "q") == .quit && state.action(for: .control("c")) == .quit)
      #expect(state.action(for: .key(.escape)) == .answer(false))
      let scalar = try #require(key.unicodeScalars.first)
      let answer = try #require(state.action(for: .character(scalar)))
      #expect(state.perform([answer]) == effects)
      #expect(state.message == message)
      // What lay below is there again.
      #expect(state.page == .network)
      // An answer to nothing does nothing.
      #expect(state.perform([.answer(true)]) == [])
    }
    var hidden = try Fixture.state()
    _ = hidden.perform([.askToOverwrite(.mask, path: "m.npy"), .resize(width: 10, height: 3)])
    #expect(hidden.action(for: "y") != .answer(true))
  }

  @Test func aKeySolvesForTheRateThatIsRealised() throws {
    var state = try Fixture.state()
    _ = type("block-rule paper", on: &state)
    // 5×5 on 26×26 at p = .5 realises .381 by the paper's γ.
    #expect(abs(state.observation.law.mean - 0.381) < 0.001)
    for (rule, mean) in [(BlockRule.timm, 0.47), (.exact, 0.5)] {
      _ = state.perform([try #require(state.action(for: "B"))])
      #expect(state.setting.kinds.blockRule == rule)
      #expect(abs(state.observation.law.mean - mean) < 0.05)
    }
    #expect(abs(state.observation.law.mean - 0.5) < 1e-9)
  }

  @Test func theLineCanBeEditedAndLeft() throws {
    var state = try Fixture.state()
    for key in [":", "r", "x", .key(.backspace), "a"] as [InputEvent] {
      if let action = state.action(for: key) { _ = state.perform([action]) }
    }
    #expect(state.overlay == .prompt("ra"))
    #expect(state.frame().row(23).hasPrefix(" :ra"))
    _ = state.perform([.closeTop])
    #expect(state.overlay == nil)
    #expect(state.action(for: .control("c")) == .quit)
    _ = state.perform([.openPrompt("block ")])
    #expect(state.action(for: .control("c")) == .quit)
    #expect(state.action(for: "q") == .type("q"))
  }

  @Test func everyKindIsReachedOrSkipped() throws {
    var state = try Fixture.state()
    var seen = [state.setting.kind]
    for _ in 0..<KindRegistry.names.count {
      _ = state.perform([.nextKind])
      if seen.contains(state.setting.kind) { break }
      seen.append(state.setting.kind)
      #expect(state.frame().text.contains(state.setting.kind))
    }
    // relu1 has no weights, no pool reads it, and nothing here is a sequence.
    #expect(
      Set(KindRegistry.names).subtracting(seen)
        == ["weight", "max-pool", "recurrent", "embedding", "locked", "token", "attention"])
  }

  @Test func paintingBeginsWithTheMaskSeen() throws {
    var state = try Fixture.state()
    let seen = state.observation.mask
    _ = type("kind manual", on: &state)
    #expect(state.observation.mask == seen)
    let cell = state.plane.offset(y: state.cursor.row, x: state.cursor.column)!
    let action = try #require(state.action(for: " "))
    _ = state.perform([action])
    #expect(state.observation.mask.kept[cell] != seen.kept[cell])
    _ = state.perform([action])
    #expect(state.observation.mask == seen)
  }

  @Test func spaceStopsResamplingBeforeItPaints() throws {
    var state = try Fixture.state()
    _ = state.perform([.toggleResampling])
    _ = type("kind manual", on: &state)
    #expect(state.action(for: " ") == .toggleResampling)
    _ = state.perform([.toggleResampling])
    #expect(state.action(for: " ") == .paint)
  }

  @Test func theMouseChoosesPaintsAndTurns() throws {
    var state = try Fixture.state()
    // The mask's map begins in column 27, row 3; a cell of the screen holds two rows.
    let press = try #require(state.action(for: .mouse(.press, x: 27 + 4, y: 3 + 3)))
    #expect(press == .placeCursor(row: 6, column: 4))
    _ = state.perform([press])
    #expect(
      state.action(for: .mouse(.press, x: 27 + 4, y: 3 + 3)) == .placeCursor(row: 7, column: 4))
    #expect(state.action(for: .mouse(.press, x: 0, y: 0)) == .openPage(nil))
    #expect(state.action(for: .mouse(.wheelUp, x: 3, y: 3)) == .changeRate(hundredths: 1))
    _ = type("kind manual", on: &state)
    for (kind, x) in [(InputEvent.MouseAction.press, 9), (.drag, 10), (.drag, 11)] {
      if let action = state.action(for: .mouse(kind, x: x, y: 11)) { _ = state.perform([action]) }
    }
    let painted = (9...11).map { state.observation.mask.isKept(c: 0, y: 16, x: $0) }
    #expect(Set(painted).count == 1)
  }
}
