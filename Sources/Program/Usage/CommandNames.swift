import ArgumentParser
import FoundationEssentials

/// The program's commands and the options of each, as their declarations have them.
struct CommandNames: Decodable {
  /// A command.
  struct Command: Decodable {
    let commandName: String
    let arguments: [Argument]?
    let subcommands: [Command]?
  }

  /// An argument, an option or a flag.
  struct Argument: Decodable {
    let names: [Name]?
  }

  /// A name as it is typed, without its dashes.
  struct Name: Decodable {
    let kind: String
    let name: String
  }

  private let command: Command

  /// Reads the declarations. They are a text of the library's own.
  /// - Throws: `DecodingError` only where the library writes them otherwise than it did.
  static func read() throws -> CommandNames {
    try JSONDecoder().decode(CommandNames.self, from: Data(Dropscope._dumpHelp().utf8))
  }

  /// The words of all commands, `help` among them.
  var commands: [String] { (command.subcommands ?? []).map(\.commandName) }

  /// The words that may follow a command's, as `plan` follows `sweep`; none for most.
  func subcommands(of name: String) -> [String] {
    (declaration(of: name)?.subcommands ?? []).map(\.commandName)
  }

  /// The long options of a command with their dashes, and those of every command.
  /// - Parameter name: its word, or both words of one that follows another: `sweep plan`
  func options(of name: String) -> [String] {
    let own = declaration(of: name)?.arguments ?? []
    let names = (own + (command.arguments ?? [])).flatMap { $0.names ?? [] }
    return names.filter { $0.kind == "long" }.map { "--\($0.name)" } + CommandNames.silent
  }

  private func declaration(of name: String) -> Command? {
    name.split(separator: " ").reduce(command) { found, word in
      found?.subcommands?.first { $0.commandName == word }
    }
  }

  /// What the library takes everywhere and lists nowhere.
  private static let silent = [
    "--help", "--help-hidden", "--version", "--experimental-dump-help",
    "--generate-completion-script",
  ]
}
