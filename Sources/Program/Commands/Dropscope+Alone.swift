import ArgumentParser

extension Dropscope {
  /// The command that words ask for, read without the others; nil where it cannot read them, or help is
  /// asked for, which all commands together tell.
  ///
  /// What every command takes, worked out by reflection, takes as long as the first frame does.
  /// - Parameter arguments: the words behind the program's name
  static func commandAlone(_ arguments: [String]) -> (any ParsableCommand)? {
    var type = configuration.defaultSubcommand
    var rest = arguments[...]
    if let word = rest.first {
      guard !["help", "--help", "-h", "--version"].contains(word) else { return nil }
      if !word.hasPrefix("-"),
        let named = configuration.subcommands.first(where: { $0.answers(to: word) })
      {
        type = named
        rest.removeFirst()
      }
    }
    guard let type, let command = try? type.parseAsRoot(Array(rest)),
      Swift.type(of: command) == type
    else { return nil }
    return command
  }
}

extension ParsableCommand {
  fileprivate static func answers(to word: String) -> Bool {
    _commandName == word || configuration.aliases.contains(word)
  }
}
