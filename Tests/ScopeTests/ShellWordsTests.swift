import TestSupport
import Testing

@testable import Scope

/// A command line that can be pasted into a shell and stands on one line of a script.
@Suite struct ShellWordsTests {
  @Test(arguments: [
    (["dropscope", "a b", ""], "dropscope 'a b' ''"), (["it's", "a\\b"], "'it'\\''s' 'a\\b'"),
    (["a\u{1B}[31m"], "$'a\\033[31m'"), (["a\nb'\\c"], "$'a\\012b\\'\\\\c'"),
    (["\u{202E}x"], "$'\\342\\200\\256x'"),
  ])
  func areQuoted(words: [String], line: String) {
    #expect(ShellWords.joined(words) == line)
    #expect(ShellWords.split(line) == words)
  }

  @Test func areReadBackWhateverTheyHold() {
    var random = SplitMix(11)
    let marks = "a'\"\\$ 07\n\u{1B}\u{9B}\u{202E}\u{200B}é漢=".unicodeScalars.map { $0 }
    for _ in 0..<3000 {
      let words = (0..<1 + random.below(3)).map { _ in
        String(
          String.UnicodeScalarView(
            (0..<random.below(8)).map { _ in marks[random.below(marks.count)] }))
      }
      let line = ShellWords.joined(words)
      #expect(ShellWords.split(line) == words, "\(line)")
      #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  @Test(arguments: ["'a", "\"a", "a\\", "$'a", "$'a\\"])
  func areNoneWhereAQuoteIsOpen(line: String) { #expect(ShellWords.split(line) == nil) }
}
