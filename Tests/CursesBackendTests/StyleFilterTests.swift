import Testing
import TestSupport

@testable import CursesBackend

/// Colours that the terminal has are not sent again.
struct StyleFilterTests {
  private func reduce(_ frames: String...) -> [String] {
    var filter = StyleFilter()
    // So that what is told is known.
    _ = filter.reduce(Array("x".utf8))
    return frames.map { String(decoding: filter.reduce(Array($0.utf8)), as: UTF8.self) }
  }

  @Test(arguments: [
    // Both colours in one sequence, and only the one that is new.
    ("\u{1B}[38;5;17m\u{1B}[48;5;18ma", "\u{1B}[38;5;17;48;5;18ma"),
    ("\u{1B}[31m\u{1B}[42ma\u{1B}[31m\u{1B}[43mb", "\u{1B}[31;42ma\u{1B}[43mb"),
    ("\u{1B}[38;2;1;2;3ma\u{1B}[38;2;1;2;3mb", "\u{1B}[38;2;1;2;3mab"),
    // A blank has no foreground, unless it is underlined or reversed.
    ("\u{1B}[31m\u{1B}[42m \u{1B}[32ma", "\u{1B}[42m \u{1B}[32ma"),
    ("\u{1B}[0;4m\u{1B}[31m a", "\u{1B}[4;31m a"),
    ("\u{1B}[7m\u{1B}[31m a", "\u{1B}[7;31m a"),
    ("\u{1B}[1m\u{1B}[31m \u{1B}[0ma", "\u{1B}[1m \u{1B}[0ma"),
    // What a reset takes away, and what comes back after it.
    ("\u{1B}[1;31ma\u{1B}[m\u{1B}[31mb", "\u{1B}[1;31ma\u{1B}[0;31mb"),
    ("\u{1B}[31ma\u{1B}[39;49m\u{1B}[31mb", "\u{1B}[31ma\u{1B}[49mb"),
    // Before anything but glyphs too, and at the end.
    ("\u{1B}[41m\u{1B}[K", "\u{1B}[41m\u{1B}[K"), ("\u{1B}[31m\r\n", "\u{1B}[31m\r\n"),
    ("\u{1B}[31m", "\u{1B}[31m"), (" \u{1B}[31m ", "  \u{1B}[31m"),
    // Nothing is lost of what is not known.
    ("\u{1B}[31m\u{1B}[4:3ma", "\u{1B}[31m\u{1B}[4:3ma"),
    ("\u{1B}[31ma\u{1B}[32;24mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[32;24mb\u{1B}[31mc"),
    ("\u{1B}[38;5ma", "\u{1B}[38;5ma"), ("\u{1B}[>4;1ma", "\u{1B}[>4;1ma"),
    ("\u{1B}(B\u{1B}[3;4H\u{1B}[ qa", "\u{1B}(B\u{1B}[3;4H\u{1B}[ qa"),
    ("\u{1B}[99999999999999999999ma", "\u{1B}[99999999999999999999ma"),
    ("▀é\u{1B}", "▀é\u{1B}"), ("a\u{1B}[3", "a\u{1B}[3"), ("", ""),
  ])
  func onlyWhatIsNewIsTold(_ frame: String, _ expected: String) {
    #expect(reduce(frame) == [expected])
  }

  @Test func framesGoOnWhereTheLastEnded() {
    #expect(
      reduce("\u{1B}[31ma", "b\u{1B}[31mc", "\u{1B}[32md")
        == ["\u{1B}[31ma", "bc", "\u{1B}[32md"])
  }

  @Test func everythingIsToldAgainToATerminalOfUnknownState() {
    var filter = StyleFilter()
    _ = filter.reduce(Array("\u{1B}[1;31ma".utf8))
    filter.forget()
    let again = filter.reduce(Array("\u{1B}[42mb".utf8))
    #expect(String(decoding: again, as: UTF8.self) == "\u{1B}[0;1;31;42mb")
  }

  /// Whatever a program sends: the terminal shows the same, and goes on the same.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func theScreenIsTheSame(seed: UInt64) {
    let pieces = [
      "a", "é", "▀", " ", "  ", "\u{1B}[m", "\u{1B}[0m", "\u{1B}[1m", "\u{1B}[0;2m", "\u{1B}[4m",
      "\u{1B}[7m", "\u{1B}[24m", "\u{1B}[27;31m", "\u{1B}[39m", "\u{1B}[49m", "\u{1B}[39;49m",
      "\u{1B}[31m", "\u{1B}[32m", "\u{1B}[41m", "\u{1B}[102m", "\u{1B}[38;5;31m", "\u{1B}[48;5;41m",
      "\u{1B}[38;2;1;2;3m", "\u{1B}[48;2;1;2;3;1m", "\u{1B}[K", "\u{1B}[1K", "\u{1B}[J",
      "\u{1B}[3X",
      "\u{1B}[2;3H", "\r", "\n", "\u{1B}[2P", "\u{1B}[L", "\u{1B}[4b", "\u{1B}(B", "\u{1B}[S",
    ].map { Array($0.utf8) }
    var random = SplitMix(seed)
    var filter = StyleFilter()
    var (plain, filtered) = (TextScreen(width: 9, height: 4), TextScreen(width: 9, height: 4))
    for _ in 0..<8 {
      let frame = (0..<random.below(60)).flatMap { _ in pieces[random.below(pieces.count)] }
      let reduced = filter.reduce(frame)
      plain.feed(frame)
      filtered.feed(reduced)
      #expect(filtered.cells == plain.cells, "\(frame)")
      #expect(filtered.style == plain.style, "\(frame)")
    }
  }
}
