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

  /// Empties the lines that the parser would end the program over, and tells which they were and why:
  /// it asserts that a key follows the bracket of a table and a value the comma of a list. Strings
  /// over several lines would hide that from this, and nothing here needs them.
  mutating func blankUnparsable() -> [(line: Int, problem: String)] {
    var found: [(line: Int, problem: String)] = []
    var previous: Character = "\n"
    for index in lines.indices {
      let line = lines[index]
      if ConfigLines.isBrokenHeader(line) {
        found.append((index + 1, "expected a table such as [keys]"))
      } else if line.contains("\"\"\"") || line.contains("'''") {
        found.append((index + 1, "expected strings of one line"))
      } else if ConfigLines.hasStrayBrace(line, after: &previous) {
        found.append((index + 1, "expected a value, found }"))
      } else {
        continue
      }
      lines[index] = ""
    }
    return found
  }

  /// Whether a closing brace follows a comma or an opening bracket; `previous` is the last mark of the
  /// lines before.
  private static func hasStrayBrace(_ line: Substring, after previous: inout Character) -> Bool {
    var quote: Character?
    var isEscaped = false
    for mark in line {
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if mark == "\\", open == "\"" {
          isEscaped = true
        } else if mark == open {
          quote = nil
        }
        continue
      }
      if mark == "#" { break }
      if mark == "\"" || mark == "'" { quote = mark }
      if mark == "}", previous == "," || previous == "[" { return true }
      if !mark.isWhitespace { previous = mark }
    }
    return false
  }

  private static func isBrokenHeader(_ line: Substring) -> Bool {
    // Besides blanks the parser skips marks of Unicode that show nothing, at the start at least.
    var rest = line.unicodeScalars.drop { !("!"..."~").contains($0) }
    guard rest.popFirst() == "[" else { return false }
    if rest.first == "[" { rest.removeFirst() }
    guard let next = rest.first(where: { $0 != " " && $0 != "\t" }), next.isASCII else {
      return true
    }
    return !next.properties.isAlphabetic && !"0123456789_-\"']".unicodeScalars.contains(next)
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
