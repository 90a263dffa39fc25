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
    var word: String?
    var rest = Substring(line)
    while let mark = rest.popFirst() {
      switch mark {
      case " ", "\t":
        if let done = word { words.append(done) }
        word = nil
      case "'":
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word = (word ?? "") + rest[..<end]
        rest = rest[rest.index(after: end)...]
      case "\"":
        guard let text = untilQuote(&rest) else { return nil }
        word = (word ?? "") + text
      case "\\":
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      default: word = (word ?? "") + String(mark)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  private static func untilQuote(_ rest: inout Substring) -> String? {
    var text = ""
    while let mark = rest.popFirst() {
      if mark == "\"" { return text }
      if mark == "\\" {
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
        + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}
