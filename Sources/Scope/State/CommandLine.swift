import Masks
import NeuralNet
import Studies

extension State {
  /// The command that opens this very view again.
  public var commandLine: String { ShellWords.joined(["dropscope"] + arguments()) }

  /// The words behind the program's name that open this very view again. A mask of one's own has to
  /// be in a file: `mask`.
  public func arguments(mask: String = "MASK.npy") -> [String] {
    var words = experiment.subject.arguments
    for (value, axes) in experiment.axisNames.sorted(by: { $0.key < $1.key }) {
      words += ["--axes", "\(experiment.unmistakableName(of: value))=\(axes.letters)"]
    }
    words += ["--layer", layer.name]
    if !setting.isPlaced {
      words += ["--at", Setting.nowhere]
    } else if setting.pinnedSite != nil {
      words += ["--at", self.site.name]
    }
    for placed in setting.others {
      words += ["--add-dropout", placed.text(name: experiment.name(of: placed.site))]
    }
    for value in setting.silenced.sorted() {
      words += ["--disable-dropout", experiment.name(of: value)]
    }
    // Named even where it is off: in a script that does not say, it is on.
    if !experiment.ownDropouts.isEmpty {
      words += ["--model-dropout", setting.isModelDropoutActive ? "on" : "off"]
    }
    if setting.kind == "manual" {
      words += ["--mask", mask]
    } else {
      words += ["--kind", setting.kind]
    }
    words += ["--rate", "\(setting.rate.p)", "--seed", "\(setting.seed)"]
    // Named even where they are the defaults: a person's configuration may have others.
    words += ["--scale", setting.scaling.rawValue, "--mode", setting.mode.rawValue]
    if channel > 0 { words += ["--channel", "\(channel)"] }
    // What another kind than the one shown is set to comes to light when a person turns to it.
    for kind in KindRegistry.all() {
      let isChanged = kind.declared.contains { setting.kinds.texts[$0.name] != nil }
      guard setting.kind == kind.name || isChanged else { continue }
      for own in kind.declared { words += ["--\(own.name)", setting.kinds.text(of: own)] }
    }
    if let rule = setting.rule { words += ["--rule", rule] }
    return words
  }
}

extension ScriptHeader {
  /// The header of a session that begins with a state.
  /// - Parameter mask: the file of the mask, where the person brought one
  public init(_ state: State, mask: String?) {
    self.init(
      arguments: mask.map { state.arguments(mask: $0) } ?? state.arguments(), size: state.size,
      theme: state.theme, keymap: state.keymap)
  }
}
