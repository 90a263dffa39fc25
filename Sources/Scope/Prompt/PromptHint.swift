import Studies

/// What a line of command could become: a continuation of what is typed, and words that fit.
struct PromptHint: Equatable {
  /// What could follow at the cursor: the rest of a name, the form of what a command takes.
  var ghost = ""
  /// What else there is to know.
  var words = ""

  /// The hint for a line with the cursor at its end; empty elsewhere.
  init(_ prompt: Prompt, _ state: State) {
    guard prompt.tail.isEmpty else { return }
    guard let start = prompt.argumentStart else {
      complete(name: prompt.name)
      return
    }
    guard let command = prompt.command else {
      words = Command.unknown(prompt.name)
      return
    }
    let typed = String(
      String.UnicodeScalarView(Array(prompt.head.unicodeScalars)[min(start, prompt.cursor)...]))
    guard !typed.isEmpty else {
      ghost = command.argument
      return
    }
    let candidates = command.candidates(state)
    let fitting = candidates.filter { $0.hasPrefix(typed) }
    if fitting.count == 1 {
      ghost = String(fitting[0].dropFirst(typed.count))
    } else if fitting.isEmpty, !candidates.isEmpty {
      let nearest = nearestNames(to: typed, among: candidates, limit: 3)
      words = "nearest: \(nearest.joined(separator: ", "))"
    } else {
      words = fitting.joined(separator: " ")
    }
  }

  private mutating func complete(name: String) {
    let fitting = Command.names.filter { $0.hasPrefix(name) }
    if let only = Command.named(name) ?? (fitting.count == 1 ? Command.named(fitting[0]) : nil) {
      ghost = only.name.dropFirst(name.count) + (only.argument.isEmpty ? "" : " \(only.argument)")
      let longer = fitting.filter { $0 != only.name }
      words = longer.joined(separator: " ")
    } else {
      words = fitting.isEmpty ? Command.unknown(name) : fitting.joined(separator: " ")
    }
  }
}
