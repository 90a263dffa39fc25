import TerminalUI
import Testing

@testable import Scope

@Suite struct KeymapTests {
  private func customised(_ changes: [(String, [String])]) -> (Keymap, [KeyProblem]) {
    let lines = changes.enumerated().map { KeyChange($1.0, keys: $1.1, line: $0 + 1) }
    let (keymap, problems) = Bindings.customised(by: lines)
    return (keymap, problems)
  }

  @Test func everyBoundActionHasAName() {
    let overlays: [State.Overlay?] = [
      nil, .help(scroll: 0), .layers(selected: 0), .rules, .grid(selected: 0), .palette,
    ]
    for binding in overlays.flatMap({ Bindings.active($0) }) + Bindings.painting
      + Bindings.comparing
    {
      for action in binding.actions { #expect(action.name != nil, "\(action)") }
    }
  }

  @Test func oneNameIsOneAction() {
    var actions: [String: Set<Action>] = [:]
    for binding in Bindings.maps + Bindings.always + Bindings.painting + Bindings.layers {
      for action in binding.actions { actions[action.name ?? "", default: []].insert(action) }
    }
    for (name, actions) in actions { #expect(actions.count == 1, "\(name)") }
  }

  @Test func namesOfKeysAreReadBack() {
    for key in Bindings.defaultKeys.values.flatMap({ $0 }) + [.control("g"), .key(.function(12))] {
      let name = key.keyName
      #expect(name.flatMap { InputEvent(keyName: $0) } == key, "\(key)")
    }
    for name in ["", "Ctrl-I", "Ctrl-", "F0", "F64", "Shift-A", "ab", "\u{1B}"] {
      #expect(InputEvent(keyName: name) == nil, "\(name)")
    }
  }

  @Test func theBuiltInKeysChangeNothing() {
    let changes = Bindings.names.map { ($0, Bindings.defaultKeys[$0]!.map { $0.keyName! }) }
    let (keymap, problems) = customised(changes)
    #expect(problems == [])
    for table in [Bindings.maps, Bindings.always, Bindings.layers, Bindings.painting] {
      let after = keymap.applied(to: table)
      #expect(after.map { Set($0.keys) } == table.map { Set($0.keys) })
      for (one, other) in zip(after, table) {
        for (key, action) in zip(other.keys, other.actions) {
          #expect(one.keys.firstIndex(of: key).map { one.actions[$0] } == action)
        }
      }
    }
  }

  @Test func keysHelpAndHintsReadTheChosenKeys() throws {
    var state = try Fixture.state()
    let (keymap, problems) = customised([
      ("resample", ["z", "F5"]), ("spatial", ["r"]), ("rate-up", []), ("kind", [""]),
    ])
    #expect(problems == [])
    state.keymap = keymap
    #expect(state.action(for: "z") == .resample)
    #expect(state.action(for: .key(.function(5))) == .resample)
    #expect(state.action(for: "r") == .toggleSpatial)
    #expect(state.action(for: "+") == .unknownKey("+"))
    #expect(state.action(for: "m") == .unknownKey("m"))
    #expect(state.action(for: "-") == .changeRate(hundredths: -5))
    #expect(state.frame().text.contains("z F5 resample"))
    _ = state.perform([.toggleHelp])
    let help = state.frame().text
    #expect(help.contains("z F5                new mask"), "\(help)")
    #expect(!help.contains("next kind of dropout"))
  }

  @Test func theListAndTypingKeepTheirKeys() throws {
    var state = try Fixture.state()
    state.keymap = customised([("close", ["z"]), ("list-down", ["v"])]).0
    _ = state.perform([.openLayers])
    #expect(state.action(for: "v") == .moveSelection(by: 1))
    #expect(state.action(for: "z") == .closeTop)
    #expect(state.action(for: "L") == .closeTop)
    _ = state.perform([.openPrompt("")])
    #expect(state.action(for: "z") == .type("z"))
    #expect(state.action(for: .key(.escape)) == .closeTop)
  }

  @Test(arguments: [[], [""], ["Ctrl-C"], ["Z"]])
  func controlCAlwaysQuits(keys: [String]) throws {
    var state = try Fixture.state()
    let (keymap, problems) = customised([("quit", keys)])
    #expect(problems == [])
    state.keymap = keymap
    let overlays: [State.Overlay?] = [
      nil, .help(scroll: 0), .rules, .layers(selected: 0), .prompt(""), .grid(selected: 0),
      .palette,
    ]
    for overlay in overlays {
      state.overlay = overlay
      #expect(state.action(for: .control("c")) == .quit)
    }
    state.overlay = nil
    #expect(state.action(for: "q") == .unknownKey("q"))
    #expect(state.frame().text.contains(keys == ["Z"] ? "Z quit" : "Ctrl-C quit"))
  }

  @Test func badLinesAreReportedAndTheOthersHold() {
    let (keymap, problems) = customised([
      ("resamble", ["x"]), ("resample", ["Hyper-X"]), ("kind", ["s"]), ("mode", ["Ctrl-C"]),
      ("scale", ["y", "y"]), ("rules", ["z"]), ("layers", ["z"]), ("help", ["H"]),
    ])
    #expect(keymap.keys.keys.sorted() == ["help", "rules"])
    #expect(problems.map(\.line).sorted() == [1, 2, 3, 4, 5, 7])
    let texts = Dictionary(uniqueKeysWithValues: problems.map { ($0.line, $0.text) })
    #expect(texts[1]?.hasPrefix("no action resamble; nearest: resample") == true)
    #expect(texts[2]?.contains("found Hyper-X") == true)
    #expect(texts[3] == "kind: key s is bound to spatial already")
    #expect(texts[4] == "mode: Ctrl-C always quits")
    #expect(texts[5] == "scale: key y is there twice")
    #expect(texts[7] == "layers: key z is bound to rules already")
  }

  @Test func twoActionsMaySwapTheirKeys() {
    let (keymap, problems) = customised([("resample", ["s"]), ("spatial", ["r"])])
    #expect(problems == [])
    #expect(keymap.keys == ["resample": ["s"], "spatial": ["r"]])
  }
}
