/// Cuts text into records and records into fields, without copying: RFC 4180, with any separator and
/// any line end, blanks around fields, and comments as NumPy writes them.
struct CSVLexer {
  /// What stands between two fields.
  enum Separator: Equatable {
    case mark(UInt8)
    /// Any run of spaces and tabs.
    case blanks
  }

  typealias Text = Slice<UnsafeBufferPointer<UInt8>>

  /// One field, without the blanks or quotes around it.
  struct Field {
    var text: Text
    var isQuoted = false

    var number: Float? { DecimalNumber.float(UnsafeBufferPointer(rebasing: text)) }

    /// Whether what is written is no infinity but a number that no float reaches, as 1e999.
    var isTooLarge: Bool {
      number?.isInfinite == true && text.contains { UInt8(ascii: "1")...UInt8(ascii: "9") ~= $0 }
    }

    /// The text; a quote in quotes is written twice.
    var string: String {
      let string = String(decoding: text, as: UTF8.self)
      return isQuoted ? string.replacing("\"\"", with: "\"") : string
    }
  }

  let separator: Separator
  /// Whether everything was read.
  var isAtEnd: Bool { at >= text.count }
  private let file: String
  private let text: UnsafeBufferPointer<UInt8>
  private var at = 0
  private var nextLine = 1
  /// The line that the last record began on, from 1.
  private(set) var line = 0
  /// What follows the `#` where the last record was a comment.
  private(set) var comment: Text?

  init(_ text: UnsafeBufferPointer<UInt8>, _ separator: Separator, in file: String) {
    (self.text, self.separator, self.file) = (text, separator, file)
  }

  /// Reads the fields of the next record; none where it is a blank line or a comment.
  /// - Returns: false at the end of the text.
  /// - Throws: `FormatError` for a quote that is not closed, or text behind a closing one.
  mutating func record(into fields: inout [Field]) throws(FormatError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    comment = nil
    guard at < text.count else { return false }
    line = nextLine
    skipBlanks()
    if !isAtLineEnd, text[at] == UInt8(ascii: "#") {
      let start = at + 1
      while !isAtLineEnd { at += 1 }
      comment = text[start..<at]
    }
    guard !isAtLineEnd else {
      takeLineEnd()
      return true
    }
    while true {
      skipBlanks()
      fields.append(try field(column: fields.count + 1))
      skipBlanks()
      guard !isAtLineEnd else {
        takeLineEnd()
        return true
      }
      if separator != .blanks { at += 1 }
    }
  }

  /// Reads up to what separates it from the next field.
  private mutating func field(column: Int) throws(FormatError) -> Field {
    guard !isAtLineEnd, text[at] == UInt8(ascii: "\"") else {
      let start = at
      while !isAtFieldEnd { at += 1 }
      return Field(text: trimmed(text[start..<at]))
    }
    let start = at + 1
    at = start
    while at < text.count {
      if text[at] == UInt8(ascii: "\"") {
        guard at + 1 < text.count, text[at + 1] == UInt8(ascii: "\"") else { break }
        at += 1
      } else if text[at] == 0x0A || (text[at] == 0x0D && !isPair(at)) {
        nextLine += 1
      }
      at += 1
    }
    guard at < text.count else {
      throw FormatError(
        file, "line \(line), column \(column)", expected: "a closing quote",
        found: "the end of the text")
    }
    let field = Field(text: trimmed(text[start..<at]), isQuoted: true)
    at += 1
    if separator != .blanks { skipBlanks() }
    guard isAtFieldEnd else {
      let rest = text[at...].prefix { $0 != 0x0A && $0 != 0x0D }
      throw FormatError(
        file, "line \(line), column \(column)", expected: "nothing behind the closing quote",
        found: quoted(rest))
    }
    return field
  }

  private var isAtLineEnd: Bool { at >= text.count || text[at] == 0x0A || text[at] == 0x0D }

  private var isAtFieldEnd: Bool {
    guard !isAtLineEnd else { return true }
    switch separator {
    case .mark(let mark): return text[at] == mark
    case .blanks: return isBlank(text[at])
    }
  }

  private func isPair(_ at: Int) -> Bool {
    text[at] == 0x0D && at + 1 < text.count && text[at + 1] == 0x0A
  }

  /// Takes `\n`, `\r\n` or `\r`.
  private mutating func takeLineEnd() {
    nextLine += 1
    if at < text.count { at += isPair(at) ? 2 : 1 }
  }

  private mutating func skipBlanks() {
    while at < text.count, isBlank(text[at]) { at += 1 }
  }

  /// Tabs are no blanks where they separate fields, which may be empty.
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte == 0x09 && separator != .mark(0x09))
  }

  private func trimmed(_ text: Text) -> Text {
    var text = text
    while let first = text.first, isBlank(first) { text.removeFirst() }
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }
}

extension CSVLexer.Separator {
  /// Records that are looked at to find out what separates fields.
  private static let looked = 8

  /// The separator of a text: of semicolons, commas, tabs and blanks the first that makes one of the
  /// first records all numbers, else the first that occurs in one of them. A semicolon wins over a
  /// comma: where both occur the comma is a decimal sign, which is refused as no number.
  init(of text: UnsafeBufferPointer<UInt8>) {
    let marks: [Self] = [0x3B, 0x2C, 0x09].map { .mark($0) }
    var first: (record: Int, separator: Self)?
    var present: Self?
    for separator in marks + [.blanks] {
      var lexer = CSVLexer(text, separator, in: "")
      var fields: [CSVLexer.Field] = []
      var record = 0
      do {
        while record < first?.record ?? Self.looked, try lexer.record(into: &fields) {
          guard fields.contains(where: { !$0.text.isEmpty }) else { continue }
          if separator != .blanks, fields.count > 1 { present = present ?? separator }
          if separator == .blanks || fields.count > 1, fields.allSatisfy({ $0.number != nil }) {
            first = (record, separator)
          }
          record += 1
        }
      } catch {
        // What is wrong with quotes is said when the text is read; fields came before it.
        if separator != .blanks, !fields.isEmpty { present = present ?? separator }
      }
    }
    self = first?.separator ?? present ?? .blanks
  }
}
