import TestSupport
import Testing

@testable import TerminalUI

/// The gate that text passes on its way to a terminal or a log.
@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("plain text, é, ×, 漢, a\\b", "plain text, é, ×, 漢, a\\b"), ("", ""),
    ("\u{1B}[2J", "\\u{1B}[2J"), ("a\nb\r\tc", "a\\u{A}b\\u{D}\\u{9}c"),
    ("\u{7F}\u{9B}1m", "\\u{7F}\\u{9B}1m"),
    ("\u{202E}abc\u{202C}", "\\u{202E}abc\\u{202C}"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
    ("\u{200B}\u{200D}\u{200E}\u{200F}\u{FEFF}", "\\u{200B}\\u{200D}\\u{200E}\\u{200F}\\u{FEFF}"),
    ("\u{2028}\u{2029}\u{AD}", "\\u{2028}\\u{2029}\\u{AD}"),
    ("\u{E0041}\u{FE0F}\u{3164}", "\\u{E0041}\\u{FE0F}\\u{3164}"),
    ("\\u{1B}", "\\u{5C}u{1B}"), ("\\\u{1B}", "\\\\u{1B}"), ("\\\\u{", "\\\\u{5C}u{"),
  ])
  func showsWhatCannotBeSeen(text: String, shown: String) {
    #expect(VisibleText.line(text) == shown)
    #expect(undone(shown) == text)
  }

  @Test func linesEndOnlyWhereTheyDo() {
    #expect(VisibleText.lines("a\u{1B}\n\nb\r\n") == "a\\u{1B}\n\nb\\u{D}\n")
  }

  @Test func aLineIsCut() {
    #expect(VisibleText.line("abcdef", limit: 6) == "abcdef")
    #expect(VisibleText.line("abcdefg", limit: 6) == "abcdef…")
    #expect(VisibleText.line("abc\u{1B}", limit: 6) == "abc…")
    #expect(VisibleText.line("\u{1B}", limit: 6) == "\\u{1B}")
  }

  /// Any text at all: nothing is left that a terminal would act on, and the text can be had back.
  @Test func anyText() {
    var random = SplitMix(5)
    let pieces = "\\\\u{}1B5C\u{1B}\u{9B}\u{202E}\u{7F}\n".unicodeScalars.map { $0 }
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        if Bool.random(using: &random) {
          text.append(pieces.randomElement(using: &random)!)
        } else {
          let most: UInt32 = [0x100, 0x3000, 0x11_0000].randomElement(using: &random)!
          text.append(Unicode.Scalar(UInt32.random(in: 0..<most, using: &random)) ?? "\u{2069}")
        }
      }
      let shown = VisibleText.line(String(text))
      expectHarmless(shown)
      #expect(undone(shown) == String(text))
      #expect(VisibleText.line(String(text), limit: 7).unicodeScalars.count <= 8)
      let json = VisibleText.json("\"" + String(text).filter { $0 != "\\" && $0 != "\"" } + "\"")
      expectHarmless(json.filter { $0 != "\n" })
      var buffer = Buffer(width: 40, height: 1)
      buffer.write(String(text), x: 0, y: 0)
      expectHarmless(TextExport.text(buffer).filter { $0 != "\n" })
    }
  }

  @Test func jsonHasItsOwnEscapes() {
    #expect(VisibleText.json("{\n \"a\u{9B}\u{202E}é\": 1}") == "{\n \"a\\u009b\\u202eé\": 1}")
    #expect(VisibleText.json("\"\u{E0041}\"") == "\"\\udb40\\udc41\"")
  }

  @Test func cellsShowThem() {
    var buffer = Buffer(width: 12, height: 1)
    #expect(buffer.write("a\u{202E}b漢", x: 0, y: 0) == 11)
    #expect(buffer.text == "a\\u{202E}b?")
    #expect(TextLine.Span("a\u{202E}b").width == 10)
  }

  private func expectHarmless(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for scalar in text.unicodeScalars {
      let category = scalar.properties.generalCategory
      let isHarmful =
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
        || scalar.properties.isDefaultIgnorableCodePoint || (0x80...0x9F).contains(scalar.value)
      if isHarmful {
        Issue.record("U+\(String(scalar.value, radix: 16))", sourceLocation: sourceLocation)
      }
    }
  }

  /// The text that was shown so.
  private func undone(_ shown: String) -> String {
    var text = String.UnicodeScalarView()
    var rest = shown.unicodeScalars[...]
    while let scalar = rest.first {
      if rest.starts(with: "\\u{".unicodeScalars), let end = rest.firstIndex(of: "}"),
        let value = UInt32(String(rest[..<end].dropFirst(3)), radix: 16)
      {
        text.append(Unicode.Scalar(value)!)
        rest = rest[end...].dropFirst()
      } else {
        text.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }
}
