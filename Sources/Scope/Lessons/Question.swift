/// A question with its answers, of which one is right.
public struct Question: Hashable, Sendable {
  /// The question.
  public let text: String
  /// The answers, in the order of their letters.
  public let answers: [String]
  /// The number of the right one.
  public let right: Int

  /// The letters that answer.
  static let letters = ["a", "b", "c", "d", "e"]

  /// Reads `Does it? | a yes | *b no`: a star marks the right answer.
  /// - Throws: `ScriptError` where there is no question, too few or too many answers, another order of
  ///   letters, or not one star.
  public init(parsing text: String) throws(ScriptError) {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(Self.trimmed)
    guard let question = parts.first, !question.isEmpty else {
      throw ScriptError(expected: "a question", found: "nothing")
    }
    let most = Question.letters.count
    guard (3...most + 1).contains(parts.count) else {
      throw ScriptError(expected: "2 to \(most) answers behind |", found: "\(parts.count - 1)")
    }
    var (answers, starred): ([String], [Int]) = ([], [])
    for (index, part) in parts.dropFirst().enumerated() {
      let isRight = part.hasPrefix("*")
      let letter = Question.letters[index]
      let answer = isRight ? String(part.dropFirst()) : part
      let words = answer.split(separator: " ", maxSplits: 1)
      guard words.count == 2, words[0] == letter else {
        throw ScriptError(
          expected: "answer \(letter): its letter and its words", found: part.orNothing)
      }
      answers.append(Self.trimmed(words[1]))
      if isRight { starred.append(index) }
    }
    guard starred.count == 1 else {
      throw ScriptError(expected: "one right answer, behind a *", found: "\(starred.count)")
    }
    (self.text, self.answers, right) = (question, answers, starred[0])
  }

  /// What `init(parsing:)` reads.
  var scriptText: String {
    let lines = answers.indices.map { index in
      " | \(index == right ? "*" : "")\(Question.letters[index]) \(answers[index])"
    }
    return text + lines.joined()
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
