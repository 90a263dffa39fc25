import ArgumentParser
import Formats
import Studies

/// What is said of a command line that makes no sense, in one line: what was expected and found, and
/// what was meant most likely.
enum UsageText {
  /// The line for an error of the library that parses options.
  /// - Parameter arguments: the words behind the program's name
  static func line(for error: any Error, _ arguments: [String]) -> String {
    let names = try? CommandNames.read()
    if let text = names.flatMap({ mistyped(arguments, $0) }) { return text }
    // Several lines of the library's own.
    let message = Dropscope.message(for: error)
    let line = message.split(separator: "\n").joined(separator: " ")
    return "\(line); see \(help(for: names.flatMap { command(of: arguments, $0) }))"
  }

  /// A command or an option that is none; nil where all are.
  private static func mistyped(_ arguments: [String], _ names: CommandNames) -> String? {
    let known = command(of: arguments, names)
    if known == nil, let word = arguments.first, !word.hasPrefix("-"), !MissingFile.isThere(word),
      let meant = likelyName(for: word, among: names.commands)
    {
      return "no command \(word); nearest: \(meant)"
    }
    if let first = arguments.first, let word = arguments.dropFirst().first, known == first,
      !word.hasPrefix("-"), !names.subcommands(of: first).isEmpty
    {
      let words = names.subcommands(of: first)
      let list = words.joined(separator: ", ")
      return "\(first): expected a command (\(list)), found \(word)"
        + nearestSuffix(for: word, among: words)
    }
    let options = names.options(of: known ?? View._commandName)
    let words = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    guard let unknown = words.first(where: { !options.contains($0) }) else { return nil }
    let nearest = nearestSuffix(for: unknown, among: options)
    return "no option \(unknown)\(nearest); see \(help(for: known))"
  }

  /// `; nearest: the command train` behind the error of an input that is not there, where it is the first
  /// word and near to no file.
  static func command(meantBy error: FormatError, _ arguments: [String]) -> String {
    guard error.kind == .missingInput, let word = arguments.first, error.file == word,
      !"\(error)".contains("; nearest: "), let names = try? CommandNames.read(),
      let meant = likelyName(for: word, among: names.commands)
    else { return "" }
    return "; nearest: the command \(meant)"
  }

  /// The command that is named, with the word that follows it where it has one of its own; nil where the
  /// word is none.
  private static func command(of arguments: [String], _ names: CommandNames) -> String? {
    guard let first = arguments.first, names.commands.contains(first) else { return nil }
    let second = arguments.dropFirst().first.map { [$0] } ?? []
    return ([first] + names.subcommands(of: first).filter(second.contains)).joined(separator: " ")
  }

  private static func help(for command: String?) -> String {
    "dropscope help \(command ?? View._commandName)"
  }

  /// Checks the words behind `help`: one command or none.
  /// - Throws: `Failure` of usage for any others.
  static func checkHelp(_ arguments: [String]) throws {
    guard arguments.first == "help" else { return }
    let words = arguments.dropFirst().filter { !$0.hasPrefix("-") }
    guard let word = words.first else { return }
    let names = try CommandNames.read()
    let commands = names.commands
    let isKnown = words.count == 2 && names.subcommands(of: word).contains(words.last ?? "")
    guard words.count == 1 || isKnown else {
      throw Failure(usage: "help: expected one command, found \(words.joined(separator: " "))")
    }
    guard !commands.contains(word) else { return }
    let nearest = nearestSuffix(for: word, among: commands)
    let list = commands.filter { $0 != "help" }.joined(separator: ", ")
    throw Failure(usage: "help: expected a command (\(list)), found \(word)\(nearest)")
  }
}

/// `; nearest: NAME` for what was mistyped; nothing where no name is near.
func nearestSuffix(for word: String, among names: [String]) -> String {
  likelyName(for: word, among: names).map { "; nearest: \($0)" } ?? ""
}
