/// Cuts an NPY header into the few tokens of Python that occur there.
struct NPYHeaderLexer {
  enum Token: Equatable {
    case mark(Character)
    case text(String)
    case word(String)
    case number(Int)
    case end
  }

  private let file: String
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>, in file: String) { (rest, self.file) = (bytes, file) }

  /// The next token. - Throws: `FormatError` for anything that is none.
  mutating func next() throws(FormatError) -> Token {
    rest = rest.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard let first = rest.first else { return .end }
    switch first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let text = rest.dropFirst().prefix { $0 != first && $0 != UInt8(ascii: "\\") }
      guard text.endIndex < rest.endIndex, rest[text.endIndex] == first else {
        throw unreadable("a text in quotes")
      }
      rest = rest[(text.endIndex + 1)...]
      return .text(String(decoding: text, as: UTF8.self))
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      let digits = rest.prefix { $0 == first || (0x30...0x39).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
        throw unreadable("a size that fits 63 bits")
      }
      rest = rest[digits.endIndex...]
      // Python 2 wrote 28L.
      if rest.first == UInt8(ascii: "L") { rest = rest.dropFirst() }
      return .number(number)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      let word = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }
      rest = rest[word.endIndex...]
      return .word(String(decoding: word, as: UTF8.self))
    default:
      guard "{}():,[]".utf8.contains(first) else { throw unreadable("a Python dictionary") }
      rest = rest.dropFirst()
      return .mark(Character(UnicodeScalar(first)))
    }
  }

  /// Takes one token that must be there. - Throws: `FormatError` where another is.
  mutating func expect(_ wanted: Token) throws(FormatError) {
    let token = try next()
    guard token == wanted else { throw unexpected(token, Self.text(wanted)) }
  }

  /// The error for a token that does not belong where it is.
  func unexpected(_ token: Token, _ expected: String) -> FormatError {
    FormatError(file, "header", expected: expected, found: Self.text(token))
  }

  private func unreadable(_ expected: String) -> FormatError {
    FormatError(file, "header", expected: expected, found: quoted(rest))
  }

  private static func text(_ token: Token) -> String {
    switch token {
    case .mark(let mark): "\"\(mark)\""
    case .text(let text): "'\(text.prefix(40))'"
    case .word(let word): "\(word.prefix(40))"
    case .number(let number): "\(number)"
    case .end: "its end"
    }
  }
}
