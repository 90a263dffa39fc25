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

  /// Empties the lines that begin a table without a name and tells which they were. The parser would
  /// end the program over them: it asserts that a key follows a bracket.
  mutating func blankBrokenHeaders() -> [Int] {
    let broken = lines.indices.filter { ConfigLines.isBrokenHeader(lines[$0]) }
    for index in broken { lines[index] = "" }
    return broken.map { $0 + 1 }
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
