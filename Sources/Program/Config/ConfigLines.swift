/// The text of a TOML file by lines: the parser tells where syntax breaks, but not where a value that
/// it read stands.
struct ConfigLines {
  private var lines: [Substring]

  init(_ text: String) {
    let text =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
  }

  var text: String { lines.joined(separator: "\n") }

  /// Empties a line, or the nearest one above it that has something in it, where what is broken
  /// began. False where there is none.
  mutating func blank(_ line: Int) -> Bool {
    let last = min(max(line, 1), lines.count) - 1
    guard last >= 0,
      let index = lines[...last].lastIndex(where: { !$0.allSatisfy(\.isWhitespace) })
    else { return false }
    lines[index] = ""
    return true
  }

  /// Empties the lines that the parser must not be given, and tells which they were and why; comments
  /// go too. What is left after a line was emptied may mean something else: to be done again then.
  mutating func blankUnparsable() -> [(line: Int, problem: String)] {
    var found: [(line: Int, problem: String)] = []
    var syntax = ConfigSyntax()
    for index in lines.indices {
      do {
        lines[index] = try syntax.check(lines[index])
      } catch {
        found.append((index + 1, error.text))
        lines[index] = ""
      }
    }
    return found
  }

  /// The line, from 1, that sets a key of a table, or of the whole file where `table` is nil.
  func line(of key: String, in table: String? = nil) -> Int? {
    var current: String?
    for (index, line) in lines.enumerated() {
      let words = line.drop { $0.isWhitespace }
      if words.first == "[" {
        current = ConfigLines.bare(words.dropFirst().prefix { $0 != "]" })
        if table == nil, current == key { return index + 1 }
      } else if let equals = words.firstIndex(of: "=") {
        let name = ConfigLines.bare(words[..<equals])
        let full = current.map { "\($0).\(name)" } ?? name
        if full == (table.map { "\($0).\(key)" } ?? key) { return index + 1 }
        // `keys.help = "H"` makes a table of that name.
        if table == nil, full.hasPrefix("\(key).") { return index + 1 }
      }
    }
    return nil
  }

  private static func bare(_ name: some StringProtocol) -> String {
    String(name.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" })
  }
}
