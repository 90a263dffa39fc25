/// The text of a TOML file by lines: the parser tells where syntax breaks, but not where a value that
/// it read stands.
struct ConfigLines {
  private var lines: [Substring]

  init(_ text: String) {
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
