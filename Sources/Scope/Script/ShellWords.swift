/// The words of a command as a shell reads them.
public enum ShellWords {
  /// Words as one line that a shell, or `split`, takes apart again.
  public static func joined(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// The words of a line: blanks part them, single quotes keep everything, double quotes all but a
  /// backslash, a backslash the next character. Nothing is expanded. Nil where a quote is not closed.
  public static func split(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String.UnicodeScalarView?
    var rest = line.unicodeScalars[...]
    while let mark = rest.popFirst() {
      switch mark {
      case " ", "\t":
        if let done = word { words.append(String(done)) }
        word = nil
      case "'", "\"":
        guard let text = untilQuote(mark, &rest) else { return nil }
        word = (word ?? .init()) + text
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? .init()) + [next]
      default: word = (word ?? .init()) + [mark]
      }
    }
    return words + (word.map { [String($0)] } ?? [])
  }

  private static func untilQuote(
    _ quote: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
  ) -> String.UnicodeScalarView? {
    var text = String.UnicodeScalarView()
    while let mark = rest.popFirst() {
      if mark == quote { return text }
      if mark == "\\", quote == "\"" {
        guard let next = rest.popFirst() else { return nil }
        text.append(next)
      } else {
        text.append(mark)
      }
    }
    return nil
  }

  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-_./,=+".unicodeScalars.contains($0)
    }
    return plain && !word.isEmpty
      ? word
      : "'"
        + word.unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined()
        + "'"
  }
}
