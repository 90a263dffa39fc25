import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI

/// What can be typed after `:`, a line each: the settings by name, and what has no key.
struct Command: Sendable {
  /// The word.
  let name: String
  /// What follows it, for help.
  let argument: String
  /// The words that can follow, where they can be listed.
  let candidates: @Sendable (State) -> [String]
  /// Whether blanks in what follows are part of a name.
  let takesFile: Bool
  /// Does it.
  let run: @Sendable (inout State, String) throws -> [Effect]

  init(
    name: String, argument: String,
    candidates: @escaping @Sendable (State) -> [String] = { _ in [] }, takesFile: Bool = false,
    run: @escaping @Sendable (inout State, String) throws -> [Effect]
  ) {
    (self.name, self.argument, self.candidates) = (name, argument, candidates)
    (self.takesFile, self.run) = (takesFile, run)
  }

  /// A setting that a kind declares, and the kind with it.
  private static func setting(of kind: String, _ setting: any DeclaredSetting) -> Command {
    Command(name: setting.name, argument: setting.argument, candidates: { _ in setting.values }) {
      state, text in
      var kinds = state.setting.kinds
      try kinds.set(setting, to: text)
      return state.change { ($0.kind, $0.kinds) = (kind, kinds) }
    }
  }

  /// All commands.
  static var all: [Command] {
    ofRateAndKind + KindRegistry.settings.map { setting(of: $0.kind, $0.setting) } + others
  }

  private static let ofRateAndKind: [Command] = [
    Command(name: "rate", argument: "P") { state, text in
      let rate = try Rate(parsing: text)
      return state.change { $0.rate = rate }
    },
    Command(name: "kind", argument: "NAME", candidates: { _ in KindRegistry.names }) {
      state, text in
      _ = try KindRegistry.make(text, state.setting.kinds)
      return text == "manual" ? state.startPainting() : state.change { $0.kind = text }
    },
  ]

  private static let others: [Command] = [
    Command(
      name: "rule", argument: RuleRegistry.names.joined(separator: ", ") + ", own",
      candidates: { _ in RuleRegistry.names + ["own"] }
    ) { state, text in
      if text != "own" { _ = try RuleRegistry.make(text) }
      return state.change { $0.rule = text == "own" ? nil : text }
    },
    Command(name: "seed", argument: "N") { state, text in
      guard let seed = UInt64(text) else {
        throw TensorError("seed", expected: "a whole number", found: text.orNothing)
      }
      return state.change { $0.seed = seed }
    },
    Command(
      name: "scale", argument: "inverted, weight, none",
      candidates: { _ in Scaling.allCases.map(\.rawValue) }
    ) { state, text in
      let scaling = try Scaling.named(text, as: "scale")
      return state.change { $0.scaling = scaling }
    },
    Command(
      name: "mode", argument: "train, eval", candidates: { _ in Mode.allCases.map(\.rawValue) }
    ) { state, text in
      let mode = try Mode.named(text, as: "mode")
      return state.change { $0.mode = mode }
    },
    Command(name: "layer", argument: "NODE", candidates: { $0.experiment.layers.map(\.name) }) {
      state, text in
      state.show(try state.reach(text))
      if let warning = state.experiment.warning(ofName: text) { state.message = warning }
      return []
    },
    Command(
      name: "at", argument: "NODE, none, or nothing for the layer shown",
      candidates: { $0.experiment.layers.map(\.name) + [Setting.nowhere] }
    ) { state, text in
      try state.putInHand(at: text)
      if let warning = state.experiment.warning(ofName: text) { state.message = warning }
      return []
    },
    Command(name: "channel", argument: "C", candidates: { (0..<$0.channels).map(String.init) }) {
      state, text in
      guard let channel = Int(text), (0..<state.channels).contains(channel) else {
        throw TensorError(
          "channel", expected: "0 to \(state.channels - 1)", found: text.orNothing)
      }
      state.channel = channel
      state.clampCursor()
      return []
    },
    Command(
      name: "axes", argument: "N,T,F or NODE=N,T,F, own, or nothing to see them",
      candidates: { state in
        state.experiment.readings(of: state.layer).map(\.letters) + [AxisNaming.own]
      }
    ) { state, text in
      state.update(.nameAxes(text))
    },
    Command(
      name: "save", argument: "FILE.onnx for the graph; FILE.npy, FILE.csv for the mask",
      takesFile: true
    ) {
      state, text in
      if text.hasSuffix(".onnx") { return state.save(.graph, to: text) }
      guard text.hasSuffix(".npy") || text.hasSuffix(".csv") else {
        throw TensorError(
          "save", expected: "a name ending in .onnx, .npy or .csv", found: text.orNothing)
      }
      return state.save(.mask, to: text)
    },
    Command(
      name: "table", argument: "FILE.csv, for the placement table", takesFile: true
    ) { state, text in
      guard text.hasSuffix(".csv") else {
        throw TensorError("table", expected: "a name ending in .csv", found: text.orNothing)
      }
      return state.save(.table, to: text)
    },
    Command(
      name: "export", argument: "FILE.json of the race; FILE.csv, .json, .svg, .png of the sweep",
      takesFile: true
    ) { state, text in
      let saving: Saving
      let ends: [String]
      switch state.page?.name {
      case .race: (saving, ends) = (.race, [".json"])
      case .sweep: (saving, ends) = (.sweep, [".csv", ".json", ".svg", ".png", ".txt", ".ans"])
      default: throw TensorError("export", expected: "the race or the sweep page", found: "another")
      }
      guard ends.contains(where: text.hasSuffix) else {
        throw TensorError(
          "export", expected: "a name ending in " + ends.joined(separator: ", "),
          found: text.orNothing)
      }
      return state.save(saving, to: text)
    },
    Command(name: "masks", argument: "T, for classes and the placement table") { state, text in
      guard let count = Int(text), (0...Job.mostMasks).contains(count) else {
        throw TensorError("masks", expected: "0 to \(Job.mostMasks)", found: text.orNothing)
      }
      state.masks = count
      state.message = "\(count) masks for classes and the placement table"
      return []
    },
    Command(
      name: "ramp", argument: Ramp.allCases.map(\.rawValue).joined(separator: ", "),
      candidates: { _ in Ramp.allCases.map(\.rawValue) }
    ) { state, text in
      state.theme.ramp = try Ramp.named(text, as: "ramp")
      return []
    },
    Command(name: "mouse", argument: "on, off", candidates: { _ in ["on", "off"] }) { state, text in
      guard let isOn = ["on": true, "off": false][text] else {
        throw TensorError("mouse", expected: "on, off", found: text.orNothing)
      }
      return state.setMouse(isOn)
    },
    Command(name: "quit", argument: "") { _, _ in [.quit] },
  ]
}

extension Command {
  /// The words of all commands.
  static var names: [String] { all.map(\.name) }

  /// The command of a name.
  static func named(_ name: String) -> Command? {
    all.first { $0.name == FormerNames.current(name) }
  }

  /// What is said of a word that is no command.
  static func unknown(_ name: String) -> String {
    let nearest = nearestNames(to: name, among: names, limit: 3)
    return "no command \(name); nearest: \(nearest.joined(separator: ", "))"
  }
}

extension String {
  /// The text, or `nothing`.
  var orNothing: String { isEmpty ? "nothing" : self }
}
