import Masks
import NeuralNet
import TensorCore

/// What can be typed after `:`, a line each: the settings by name, and what has no key.
struct Command: Sendable {
  /// The word.
  let name: String
  /// What follows it, for help.
  let argument: String
  /// Does it.
  let run: @Sendable (inout State, String) throws -> [Effect]

  /// All commands.
  static let all: [Command] = [
    Command(name: "rate", argument: "P") { state, text in
      let rate = try Rate(parsing: text)
      return state.change { $0.rate = rate }
    },
    Command(name: "kind", argument: "NAME") { state, text in
      _ = try KindRegistry.make(text, state.setting.kinds)
      return text == "manual" ? state.startPainting() : state.change { $0.kind = text }
    },
    Command(name: "block", argument: "N or NxM") { state, text in
      let size = try BlockSize(parsing: text)
      return state.change { ($0.kind, $0.kinds.block) = ("block", size) }
    },
    Command(name: "block-rule", argument: "paper, timm, exact") { state, text in
      let rule = try BlockRule(parsing: text)
      return state.change { ($0.kind, $0.kinds.blockRule) = ("block", rule) }
    },
    Command(name: "weight-mode", argument: "per-batch, per-sample") { state, text in
      let mode = try WeightMode(parsing: text)
      return state.change { ($0.kind, $0.kinds.weightMode) = ("weight", mode) }
    },
    Command(name: "rule", argument: RuleRegistry.names.joined(separator: ", ") + ", own") {
      state, text in
      if text != "own" { _ = try RuleRegistry.make(text) }
      return state.change { $0.rule = text == "own" ? nil : text }
    },
    Command(name: "seed", argument: "N") { state, text in
      guard let seed = UInt64(text) else {
        throw TensorError("seed", expected: "a whole number", found: text.orNothing)
      }
      return state.change { $0.seed = seed }
    },
    Command(name: "scale", argument: "inverted, weight, none") { state, text in
      let scaling = try Scaling.named(text, as: "scale")
      return state.change { $0.scaling = scaling }
    },
    Command(name: "mode", argument: "train, eval") { state, text in
      let mode = try Mode.named(text, as: "mode")
      return state.change { $0.mode = mode }
    },
    Command(name: "layer", argument: "NODE") { state, text in
      state.show(try state.experiment.layer(named: text))
      return []
    },
    Command(name: "at", argument: "NODE, or nothing for the layer shown") { state, text in
      let site = text.isEmpty ? nil : try state.experiment.layer(named: text).value
      return state.change { $0.pinnedSite = site }
    },
    Command(name: "channel", argument: "C") { state, text in
      guard let channel = Int(text), (0..<state.channels).contains(channel) else {
        throw TensorError(
          "channel", expected: "0 to \(state.channels - 1)", found: text.orNothing)
      }
      return state.update(.changeChannel(by: channel - state.channel))
    },
    Command(name: "save", argument: "FILE.npy or FILE.csv, for the mask") { _, text in
      guard text.hasSuffix(".npy") || text.hasSuffix(".csv") else {
        throw TensorError("save", expected: "a name ending in .npy or .csv", found: text.orNothing)
      }
      return [.saveMask(path: text)]
    },
    Command(name: "quit", argument: "") { _, _ in [.quit] },
  ]
}

extension State {
  /// Does what the command line says; where it makes no sense nothing changes but the message.
  mutating func submit() -> [Effect] {
    guard case .prompt(let line) = overlay else { return [] }
    overlay = nil
    let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let name = words.first.map(String.init) else { return [] }
    guard let command = Command.all.first(where: { $0.name == name }) else {
      let nearest = nearestNames(to: name, among: Command.all.map(\.name), limit: 3)
      message = "no command \(name); nearest: \(nearest.joined(separator: ", "))"
      return []
    }
    let argument = words.count > 1 ? words[1].filter { $0 != " " || command.name == "save" } : ""
    do {
      return try command.run(&self, argument)
    } catch {
      message = "\(error)"
      return []
    }
  }

  /// Takes back the last character typed; an empty line closes.
  mutating func erase() {
    guard case .prompt(let line) = overlay else { return }
    overlay = line.isEmpty ? nil : .prompt(String(line.dropLast()))
  }
}

extension String {
  /// The text, or `nothing`.
  fileprivate var orNothing: String { isEmpty ? "nothing" : self }
}
