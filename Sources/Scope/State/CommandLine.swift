import Masks

extension State {
  /// The command that opens this very view again.
  public var commandLine: String {
    var words = ["dropscope"] + experiment.subject.arguments
    words += ["--layer", layer.name]
    if setting.pinnedSite != nil { words += ["--at", self.site.name] }
    if setting.kind == "manual" {
      words += ["--mask", "MASK.npy"]
    } else {
      words += ["--kind", setting.kind]
    }
    words += ["--rate", "\(setting.rate.p)", "--seed", "\(setting.seed)"]
    // Named even where they are the defaults: a person's configuration may have others.
    words += ["--scale", setting.scaling.rawValue, "--mode", setting.mode.rawValue]
    if channel > 0 { words += ["--channel", "\(channel)"] }
    if setting.kind == "block" {
      words += ["--block", "\(setting.kinds.block.h)x\(setting.kinds.block.w)"]
      words += ["--block-rule", setting.kinds.blockRule.rawValue]
    }
    if setting.kind == "weight" { words += ["--weight-mode", setting.kinds.weightMode.rawValue] }
    if let rule = setting.rule { words += ["--rule", rule] }
    return words.map(State.quoted).joined(separator: " ")
  }

  /// A word as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-_./,=+".unicodeScalars.contains($0)
    }
    return plain && !word.isEmpty
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}
