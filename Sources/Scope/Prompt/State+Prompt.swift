import Studies

extension State {
  /// Does what the command line says; where it makes no sense nothing changes but the message.
  mutating func submit() -> [Effect] {
    if case .finder(let finder) = overlay { return choose(finder) }
    if overlay?.mark?.isFiltering == true { keepFilter() }
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
    if case .finder(let finder) = overlay {
      return change(finder) { ($0.text, $0.selected) = ($0.text + text, 0) }
    }
    if overlay?.mark?.isFiltering == true { return editFilter { $0 += text } }
    guard case .prompt(var prompt) = overlay else { return }
    prompt.insert(text)
    overlay = .prompt(prompt)
  }

  /// Takes back the character before the cursor; an empty line closes.
  mutating func erase() {
    if case .finder(let finder) = overlay {
      return finder.text.isEmpty
        ? uncover() : change(finder) { $0.text.unicodeScalars.removeLast() }
    }
    if let mark = overlay?.mark, mark.isFiltering {
      return mark.filter.isEmpty
        ? clearFilter() : editFilter { $0.unicodeScalars.removeLast() }
    }
    guard case .prompt(var prompt) = overlay else { return }
    let wasEmpty = prompt.isEmpty
    prompt.eraseBefore()
    if wasEmpty { uncover() } else { overlay = .prompt(prompt) }
  }

  /// Edits the command line.
  mutating func edit(_ edit: PromptEdit) {
    if case .finder(let finder) = overlay {
      if edit == .deleteToStart { change(finder) { $0.text = "" } }
      return
    }
    if overlay?.mark?.isFiltering == true, edit == .deleteToStart { editFilter { $0 = "" } }
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
  public var isTyping: Bool {
    overlay?.takesText == true && !isTooSmall
  }

  /// Whether the screen is too small for maps.
  var isTooSmall: Bool {
    size.width < ScreenLayout.smallest.width || size.height < ScreenLayout.smallest.height
  }
}
