/// The lines that were done, the newest last: at most `limit`, none twice in a row.
struct PromptHistory: Hashable, Sendable {
  private(set) var lines: [String] = []
  static let limit = 100

  /// Remembers a line; an empty one, or the same one again, is nothing new.
  mutating func record(_ line: String) {
    guard !line.allSatisfy({ $0 == " " }), line != lines.last else { return }
    lines.append(line)
    if lines.count > PromptHistory.limit { lines.removeFirst() }
  }

  /// The line so many steps older than the one shown; past the newest one's own draft comes back.
  /// Nothing changes before the oldest.
  func recalled(_ prompt: Prompt, older step: Int) -> Prompt {
    let now = prompt.recall?.index ?? lines.count
    let next = now - step
    guard next != now, next >= 0, next <= lines.count else { return prompt }
    let draft = prompt.recall?.draft ?? prompt.text
    guard next < lines.count else { return Prompt(draft) }
    var recalled = Prompt(lines[next])
    recalled.recall = Prompt.Recall(index: next, draft: draft)
    return recalled
  }
}
