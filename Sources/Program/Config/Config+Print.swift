import Scope

extension Config {
  /// All defaults as a file that could be one's `config.toml`.
  static var defaults: String {
    var lines = [
      "# dropscope: every setting with its built-in value. To change some, put them into",
      "# $XDG_CONFIG_HOME/dropscope/config.toml (or ~/.config/dropscope/config.toml).",
      "# Options on the command line override them.",
    ]
    for setting in ConfigSetting.all {
      lines += ["", "# \(setting.help)", "\(setting.name) = \(setting.standard)"]
    }
    lines += [
      "",
      "# A key: a character, Space, Enter, Esc, Tab, BackTab, Backspace, Delete, Up, Down, Left,",
      "# Right, Home, End, PageUp, PageDown, F1 to F63, Ctrl-A to Ctrl-Z. \"\" or [] leaves an action",
      "# without one. Ctrl-C always quits.",
      "[keys]",
    ]
    var help: String?
    for name in Bindings.names {
      let next = Bindings.help(for: name)
      if next != help { lines.append("# \(next ?? "")") }
      help = next
      let keys = (Bindings.defaultKeys[name] ?? []).compactMap(\.keyName).map(quoted)
      let value = keys.count == 1 ? keys[0] : "[\(keys.joined(separator: ", "))]"
      lines.append("\(name) = \(value)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ key: String) -> String {
    let escaped = key.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
    return "\"\(String(escaped))\""
  }
}
