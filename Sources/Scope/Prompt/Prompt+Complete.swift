/// What can stand where the cursor is.
extension Prompt {
  /// The words that can stand where the cursor is, and where the one typed there begins: names of
  /// commands, or what the command takes.
  func candidates(_ state: State) -> (words: [String], start: Int) {
    guard let command = command, let start = argumentStart else {
      return (Command.names, nameStart)
    }
    return (command.candidates(state), start)
  }

  /// Completes the word before the cursor, or goes on to another that fits.
  mutating func complete(_ state: State, by step: Int) {
    var next: Completion
    if let completion {
      next = completion
    } else {
      let (words, start) = candidates(state)
      guard cursor >= start else { return }
      let typed = String(String.UnicodeScalarView(Array(head.unicodeScalars)[start...]))
      guard let begun = Completion(typed, at: start, among: words) else { return }
      next = begun
    }
    next.move(by: step)
    let takesMore = argumentStart == nil && Command.named(next.word)?.argument.isEmpty == false
    let isOnly = next.candidates.count == 1
    replace(
      next.start..<cursor, with: isOnly && takesMore && tail.isEmpty ? next.word + " " : next.word)
    completion = isOnly ? nil : next
  }

  /// The command that the line begins with, where its name is complete.
  var command: Command? {
    argumentStart == nil ? nil : Command.named(String(nameScalars))
  }

  /// Where what the command takes begins; nil while its name is typed.
  var argumentStart: Int? {
    let scalars = Array(head.unicodeScalars)
    guard let end = scalars[nameStart...].firstIndex(of: " ") else { return nil }
    return scalars[end...].firstIndex { $0 != " " } ?? scalars.count
  }

  /// The name typed so far.
  var name: String { String(nameScalars) }

  private var nameScalars: String.UnicodeScalarView {
    String.UnicodeScalarView(text.unicodeScalars.drop { $0 == " " }.prefix { $0 != " " })
  }

  private var nameStart: Int {
    let scalars = Array(head.unicodeScalars)
    return scalars.firstIndex { $0 != " " } ?? scalars.count
  }
}
