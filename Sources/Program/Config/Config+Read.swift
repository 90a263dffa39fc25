import Formats
import FoundationEssentials
import Glibc
import Scope
import Studies
import TOMLKit

extension Config {
  /// `dropscope/config.toml` in `$XDG_CONFIG_HOME`, else in `~/.config`; nil without either. A path
  /// that is not absolute counts as none (XDG Base Directory Specification).
  static func path(environment: [String: String]) -> String? {
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      return base + "/dropscope/config.toml"
    }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.config/dropscope/config.toml"
  }

  /// What the person chose who runs the program.
  static func ofUser() -> Config {
    read(path: path(environment: ProcessInfo.processInfo.environment))
  }

  /// Reads the file of a path; where there is none, nothing is chosen.
  static func read(path: String?) -> Config {
    guard let path, access(path, F_OK) == 0 else { return Config() }
    do {
      return Config(
        parsing: String(decoding: try FileBytes.read(path, limit: 1 << 20), as: UTF8.self))
    } catch {
      var config = Config()
      config.problems = [Problem(text: "\(error)")]
      return config
    }
  }

  /// Reads TOML. Lines with a mistake are passed over and reported; all others hold.
  package init(parsing text: String) {
    self.init()
    var lines = ConfigLines(text)
    guard let root = parse(&lines) else { return }
    for name in root.keys.sorted() {
      guard let value = root[name] else { continue }
      if name == "keys" {
        readKeys(value, lines)
      } else if let setting = ConfigSetting.all.first(where: { $0.name == name }) {
        if !setting.take(value, &self) {
          problems.append(
            Problem(
              line: lines.line(of: name),
              text: "\(name): expected \(setting.expected), found \(Config.text(value))"))
        }
      } else {
        let names = ConfigSetting.all.map(\.name) + ["keys"]
        let nearest = nearestNames(to: name, among: names, limit: 3).joined(separator: ", ")
        problems.append(
          Problem(line: lines.line(of: name), text: "no setting \(name); nearest: \(nearest)"))
      }
    }
    problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
  }

  /// What can be parsed once the lines that break the syntax are emptied, each of which is reported.
  private mutating func parse(_ lines: inout ConfigLines) -> TOMLTable? {
    // A file of another kind breaks on every line; nobody wants to read all that.
    while problems.count < 20 {
      problems += lines.blankUnparsable().map { Problem(line: $0.line, text: $0.problem) }
      do {
        return try TOMLTable(string: lines.text)
      } catch let error as TOMLParseError {
        problems.append(Problem(line: error.source.begin.line, text: error.description))
        guard lines.blank(error.source.begin.line) else { return nil }
      } catch {
        problems.append(Problem(text: "\(error)"))
        return nil
      }
    }
    problems.removeLast(problems.count - 20)
    problems.append(Problem(text: "this is no TOML file; nothing of it was taken"))
    return nil
  }

  private mutating func readKeys(_ value: any TOMLValueConvertible, _ lines: ConfigLines) {
    guard let table = value.table else {
      problems.append(
        Problem(
          line: lines.line(of: "keys"),
          text: "keys: expected a table [keys], found \(Config.text(value))"))
      return
    }
    var changes: [KeyChange] = []
    for name in table.keys {
      guard let value = table[name] else { continue }
      let line = lines.line(of: name, in: "keys") ?? lines.line(of: "keys") ?? 1
      if let keys = Config.words(value) {
        changes.append(KeyChange(name, keys: keys, line: line))
      } else {
        problems.append(
          Problem(
            line: line,
            text: "\(name): expected \"key\" or [\"key\", …], found \(Config.text(value))"))
      }
    }
    changes.sort { $0.line < $1.line }
    let (keymap, found) = Bindings.customised(by: changes)
    self.keymap = keymap
    problems += found.map { Problem(line: $0.line, text: $0.text) }
  }

  private static func words(_ value: any TOMLValueConvertible) -> [String]? {
    if let word = value.string { return [word] }
    guard let array = value.array else { return nil }
    let words = array.compactMap(\.string)
    return words.count == array.count ? words : nil
  }

  private static func text(_ value: any TOMLValueConvertible) -> String {
    value.string.map { "\"\($0)\"" } ?? value.int.map { "\($0)" } ?? value.double.map { "\($0)" }
      ?? value.bool.map { "\($0)" } ?? "\(value.type)"
  }
}
