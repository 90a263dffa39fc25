extension State {
  /// Does what the command line says; where it makes no sense nothing changes but the message.
  mutating func submit() -> [Effect] {
    guard case .prompt(let prompt) = overlay else { return [] }
    uncover()
    promptHistory.record(prompt.text)
    let words = prompt.text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard let name = words.first.map(String.init) else { return [] }
    guard let command = Command.named(name) else {
      message = Command.unknown(name)
      return []
    }
    let argument = words.count > 1 ? words[1].filter { $0 != " " || command.takesFile } : ""
    do {
      return try command.run(&self, argument)
    } catch {
      message = "\(error)"
      return []
    }
  }

  /// Puts text into the command line.
  mutating func type(_ text: String) {
    guard case .prompt(var prompt) = overlay else { return }
    prompt.insert(text)
    overlay = .prompt(prompt)
  }

  /// Takes back the character before the cursor; an empty line closes.
  mutating func erase() {
    guard case .prompt(var prompt) = overlay else { return }
    let wasEmpty = prompt.isEmpty
    prompt.eraseBefore()
    if wasEmpty { uncover() } else { overlay = .prompt(prompt) }
  }

  /// Edits the command line.
  mutating func edit(_ edit: PromptEdit) {
    guard case .prompt(var prompt) = overlay else { return }
    switch edit {
    case .complete: prompt.complete(self, by: 1)
    case .completeBack: prompt.complete(self, by: -1)
    case .older: prompt = promptHistory.recalled(prompt, older: 1)
    case .newer: prompt = promptHistory.recalled(prompt, older: -1)
    default: prompt.edit(edit)
    }
    overlay = .prompt(prompt)
  }

  /// Whether keys make letters of the command line. On a screen too small to show it they do not.
  var isTyping: Bool {
    if case .prompt = overlay { !isTooSmall } else { false }
  }

  /// Whether the screen is too small for maps.
  var isTooSmall: Bool {
    size.width < ScreenLayout.smallest.width || size.height < ScreenLayout.smallest.height
  }
}
