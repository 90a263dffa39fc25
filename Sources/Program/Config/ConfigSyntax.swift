/// Goes through a file of settings line by line and tells what the parser must not be given: it ends
/// the program over words that are no values, brackets where none belong and strings that go on.
///
/// What passes is TOML's own: bare and quoted keys, tables, strings of one line, numbers, true and
/// false, and lists and inline tables of those (toml.io/en/v1.0.0); no times, which no setting takes.
struct ConfigSyntax {
  /// The lists and inline tables that are open, the innermost last.
  private var open: [Unicode.Scalar] = []
  /// Whether a word here is a value; else it is a key.
  private var isValue = false
  /// The last mark or word's first character.
  private var previous: Unicode.Scalar = "\n"

  /// Goes past a line.
  /// - Returns: the line without its comment.
  /// - Throws: what is wrong with it; then it is as if the line had not been there.
  mutating func check(_ line: Substring) throws(Problem) -> Substring {
    var next = self
    let kept = try next.read(line)
    self = next
    return kept
  }

  /// Why a line cannot be given to the parser.
  struct Problem: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private mutating func read(_ line: Substring) throws(Problem) -> Substring {
    let scalars = line.unicodeScalars
    var rest = scalars[...]
    while let mark = rest.first, mark != "#" {
      switch mark {
      case " ", "\t": rest.removeFirst()
      case "\"", "'": try ConfigSyntax.skipString(&rest)
      case "[" where !isValue && open.isEmpty: try ConfigSyntax.skipHeader(&rest, line)
      case "[", "{":
        guard isValue else { throw Problem("expected a key, found \(mark)") }
        open.append(mark)
        isValue = mark == "["
        rest.removeFirst()
      case "]", "}":
        guard open.popLast() == (mark == "]" ? "[" : "{"), mark == "]" || previous != "," else {
          throw Problem("expected a value, found \(mark)")
        }
        isValue = true
        rest.removeFirst()
      case "=", ",":
        isValue = mark == "=" || open.last == "["
        rest.removeFirst()
      default: try skipWord(&rest)
      }
      if mark != " ", mark != "\t" { previous = mark }
    }
    if open.isEmpty { isValue = false }
    return Substring(scalars[..<rest.startIndex])
  }

  private mutating func skipWord(_ rest: inout Substring.UnicodeScalarView) throws(Problem) {
    let word = String(String.UnicodeScalarView(rest.prefix(while: ConfigSyntax.isBare)))
    guard let mark = rest.first, !word.isEmpty else {
      throw Problem("expected a key or a value, found other characters")
    }
    guard !isValue || ConfigSyntax.isValue(word[...]) else {
      throw Problem(
        "expected a text in quotes, a number, true or false, found \(word.prefix(40))")
    }
    previous = mark
    rest = rest.dropFirst(word.unicodeScalars.count)
  }

  /// Whether a word is a number or a truth as TOML writes them.
  private static func isValue(_ word: Substring) -> Bool {
    if ["true", "false"].contains(word) { return true }
    func isDigits(_ text: Substring, _ allowed: (Character) -> Bool = { $0.isNumber }) -> Bool {
      !text.isEmpty && text.allSatisfy { $0 == "_" || allowed($0) }
    }
    let bases = ["0x": 16, "0o": 8, "0b": 2]
    if let base = bases[String(word.prefix(2))] {
      return isDigits(word.dropFirst(2)) { ($0.hexDigitValue ?? base) < base }
    }
    let number = word.first == "+" || word.first == "-" ? word.dropFirst() : word
    if number == "inf" || number == "nan" { return true }
    // Digits, with a dot and more of them, with an exponent.
    let parts = number.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 == "e" || $0 == "E"
    }
    let digits = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard digits.allSatisfy({ isDigits($0) }) else { return false }
    guard parts.count == 2 else { return true }
    let exponent = parts[1]
    return isDigits(
      exponent.first == "+" || exponent.first == "-" ? exponent.dropFirst() : exponent)
  }

  private static func isBare(_ mark: Unicode.Scalar) -> Bool {
    switch mark {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "+", ".": true
    default: false
    }
  }

  /// A text in quotes that ends on its line and holds nothing but characters and known escapes.
  private static func skipString(_ rest: inout Substring.UnicodeScalarView) throws(Problem) {
    guard let quote = rest.popFirst() else { return }
    if rest.starts(with: [quote, quote]) { throw Problem("expected strings of one line") }
    while let mark = rest.popFirst() {
      if mark == quote { return }
      guard mark == "\t" || mark.properties.generalCategory != .control else {
        throw Problem("expected characters in quotes, found a control character")
      }
      guard mark == "\\", quote == "\"" else { continue }
      guard let escaped = rest.popFirst(), "btnfr\"\\uU".unicodeScalars.contains(escaped) else {
        throw Problem("expected \\b, \\t, \\n, \\f, \\r, \\\", \\\\, \\u or \\U in quotes")
      }
    }
    throw Problem("expected a text that ends with its quote on the same line")
  }

  /// `[keys]` or `[[keys]]`, and nothing after it.
  private static func skipHeader(
    _ rest: inout Substring.UnicodeScalarView, _ line: Substring
  ) throws(Problem) {
    let problem = Problem("expected a table such as [keys]")
    guard rest.startIndex == line.unicodeScalars.firstIndex(where: { $0 != " " && $0 != "\t" })
    else { throw problem }
    let depth = rest.starts(with: "[[".unicodeScalars) ? 2 : 1
    rest = rest.dropFirst(depth)
    // Keys and dots in turn.
    var isKeyNext = true
    func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }
    skipBlanks()
    while let mark = rest.first, mark != "]" {
      if isKeyNext, mark == "\"" || mark == "'" {
        try skipString(&rest)
      } else if isKeyNext {
        let key = rest.prefix { isBare($0) && $0 != "." && $0 != "+" }
        guard !key.isEmpty else { throw problem }
        rest = rest.dropFirst(key.count)
      } else {
        guard mark == "." else { throw problem }
        rest.removeFirst()
      }
      isKeyNext.toggle()
      skipBlanks()
    }
    guard !isKeyNext, rest.starts(with: String(repeating: "]", count: depth).unicodeScalars) else {
      throw problem
    }
    rest = rest.dropFirst(depth)
    skipBlanks()
    guard rest.first == nil || rest.first == "#" else { throw problem }
  }
}
