/// Text with names of numbers in braces, as `{dropped}` or `{error 16}`: what scripts say. Two braces
/// are a brace.
struct CaptionText {
  /// A piece of it.
  private enum Piece {
    case text(String)
    case value(CaptionValue, argument: String)
  }

  private var pieces: [Piece] = []

  /// Reads a text.
  /// - Throws: `ScriptError` with the nearest name where a number is not known, or a brace not closed.
  init(parsing text: String) throws(ScriptError) {
    var plain = ""
    var rest = Substring(text)
    while let mark = rest.popFirst() {
      if mark == "{" || mark == "}", rest.first == mark {
        plain.append(mark)
        rest.removeFirst()
      } else if mark == "{" {
        guard let end = rest.firstIndex(of: "}") else {
          throw ScriptError(expected: "} behind {", found: String(rest.prefix(40)))
        }
        pieces.append(.text(plain))
        plain = ""
        let words = rest[..<end].split(separator: " ", maxSplits: 1).map(String.init)
        let value = try CaptionValue.named(words.first ?? "")
        let argument = words.count > 1 ? words[1] : ""
        try value.check(argument)
        pieces.append(.value(value, argument: argument))
        rest = rest[rest.index(after: end)...]
      } else if mark == "}" {
        throw ScriptError(expected: "{ before }, or }} for a brace", found: text)
      } else {
        plain.append(mark)
      }
    }
    pieces.append(.text(plain))
  }

  /// What stands for a number that is not known yet.
  static let unknown = "…"

  /// The text with the numbers of a state.
  func filled(_ state: State) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .value(let value, let argument):
        value.text(state, argument) ?? CaptionText.unknown
      }
    }.joined()
  }
}

extension State {
  /// A text of a script with the numbers of this state.
  func filled(_ text: String) -> String {
    (try? CaptionText(parsing: text)).map { $0.filled(self) } ?? text
  }
}
