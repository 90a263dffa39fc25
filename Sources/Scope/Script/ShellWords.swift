import Studies
import TerminalUI

/// The words of a command as a shell reads them.
public enum ShellWords {
  /// Words as one line that a shell, or `split`, takes apart again.
  public static func joined(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// The words of a line: blanks part them, single quotes keep everything, double quotes all but a
  /// backslash, a backslash the next character, `$'…'` all but octal bytes such as `\033`. Nothing is
  /// expanded. Nil where a quote is not closed.
  public static func split(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String.UnicodeScalarView?
    var rest = line.unicodeScalars[...]
    while let mark = rest.popFirst() {
      switch mark {
      case " ", "\t":
        if let done = word { words.append(String(done)) }
        word = nil
      case "$" where rest.first == "'":
        rest = rest.dropFirst()
        guard let text = untilEndOfBytes(&rest) else { return nil }
        word = (word ?? .init()) + text
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

  /// What follows `$'`: a backslash is before three octal digits, or keeps the next character.
  private static func untilEndOfBytes(
    _ rest: inout Substring.UnicodeScalarView
  ) -> String.UnicodeScalarView? {
    var bytes: [UInt8] = []
    while let mark = rest.popFirst() {
      if mark == "'" { return String(decoding: bytes, as: UTF8.self).unicodeScalars }
      guard mark == "\\" else {
        bytes += String(mark).utf8
        continue
      }
      let digits = rest.prefix(3)
      if digits.count == 3, digits.allSatisfy({ ("0"..."7").contains($0) }),
        let byte = UInt8(String(digits), radix: 8)
      {
        bytes.append(byte)
        rest = rest.dropFirst(3)
      } else {
        guard let next = rest.popFirst() else { return nil }
        bytes += String(next).utf8
      }
    }
    return nil
  }

  private static func quoted(_ word: String) -> String {
    guard word.unicodeScalars.allSatisfy(\.isVisible) else { return bytes(of: word) }
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

  /// A word that a line cannot hold or an eye cannot see, with bytes for what it cannot.
  private static func bytes(of word: String) -> String {
    let parts = word.unicodeScalars.map { scalar in
      if scalar == "'" || scalar == "\\" { return "\\\(scalar)" }
      if scalar.isVisible { return String(scalar) }
      return String(scalar).utf8.map { byte in
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }.joined()
    }
    return "$'" + parts.joined() + "'"
  }
}
