/// Cuts text into lines and lines into fields, without copying.
struct CSVLexer {
  /// What stands between two numbers.
  enum Separator: Equatable {
    case mark(UInt8)
    /// Any run of spaces and tabs.
    case blanks

    /// The separator of a file whose first line of numbers is `line`. A semicolon wins over a
    /// comma: where both occur the comma is a decimal sign, which is refused as no number.
    init(firstLine line: UnsafeBufferPointer<UInt8>.SubSequence) {
      if line.contains(UInt8(ascii: ";")) {
        self = .mark(UInt8(ascii: ";"))
      } else if line.contains(UInt8(ascii: ",")) {
        self = .mark(UInt8(ascii: ","))
      } else {
        self = .blanks
      }
    }
  }

  typealias Text = UnsafeBufferPointer<UInt8>.SubSequence
  private var rest: Text

  init(_ text: UnsafeBufferPointer<UInt8>) { rest = text[...] }

  /// The next line without its end (`\n`, `\r\n` or `\r`) and surrounding blanks, nil at the end.
  mutating func line() -> Text? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
    let line = rest[rest.startIndex..<end]
    var next = end
    if next < rest.endIndex {
      let isPair = rest[next] == 0x0D && next + 1 < rest.endIndex && rest[next + 1] == 0x0A
      next += isPair ? 2 : 1
    }
    rest = rest[next...]
    return Self.trimmed(line)
  }

  /// Cuts the first field off a trimmed line, without the blanks around it. Nil where nothing is
  /// left after the last field.
  static func field(of line: inout Text?, separator: Separator) -> Text? {
    guard let text = line else { return nil }
    let end =
      text.firstIndex { byte in
        switch separator {
        case .mark(let mark): byte == mark
        case .blanks: isBlank(byte)
        }
      } ?? text.endIndex
    let field = text[text.startIndex..<end]
    if end == text.endIndex {
      line = nil
    } else {
      let after = text[(end + 1)...]
      line = separator == .blanks ? trimmed(after) : after
    }
    return trimmed(field)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func trimmed(_ text: Text) -> Text {
    var text = text
    while let first = text.first, isBlank(first) { text = text.dropFirst() }
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return text
  }
}
