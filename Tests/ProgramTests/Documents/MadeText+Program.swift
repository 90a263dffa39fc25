import ArgumentParser
import Formats
import Studies

@testable import Program
@testable import Scope

extension MadeText {
  /// Subcommands.
  static var commands: MadeText {
    MadeText(
      "commands", ["command", "what it does"],
      Dropscope.configuration.subcommands.map { command in
        [command._commandName.asCode, command.configuration.abstract.asWords]
      })
  }

  /// Settings of `config.toml`.
  static let settings = MadeText(
    "settings", ["setting", "what it is", "built in"],
    ConfigSetting.all.map { [$0.name.asCode, $0.help.asWords, $0.standard.asCode] })

  /// What can be typed after `:`.
  static let promptCommands = MadeText(
    "prompt-commands", ["after `:`", "what follows"],
    Command.all.map { [$0.name.asCode, $0.argument.isEmpty ? "nothing" : $0.argument.asWords] })

  /// Actions of a name alone.
  static let scriptNames = MadeText(
    "script-names", Action.named.map(\.name.asCode).joined(separator: ", ").wrapped)

  /// Actions that carry something.
  static let scriptForms = MadeText(
    "script-forms", ["action", "what follows its name"],
    Action.forms.map { [$0.name.asCode, $0.arguments.asCode] })

  /// Lessons.
  static var lessons: MadeText {
    MadeText(
      "lessons", ["lesson", "name", "what people ask"],
      Lesson.all.enumerated().map { index, lesson in
        ["\(index + 1). \(lesson.title)".asWords, lesson.name.asCode, lesson.question.asWords]
      })
  }

  /// Studies.
  static let studies = MadeText(
    "studies", ["study", "runs", "what it looks at", "the claim"],
    Study.builtIn.map { study in
      guard let file = try? study.file else { preconditionFailure("\(study.name) is no plan") }
      return [
        study.name.asCode, "\(file.plan.count)", (file.title ?? "").asWords,
        (file.claim ?? "").asWords,
      ]
    })

  /// Numbers that scripts can name.
  static let captionValues = MadeText(
    "caption-values", ["number", "what it is"],
    CaptionValue.all.map { value in
      let argument = value.argument == .none ? "" : " \(value.argument.rawValue)"
      return ["{\(value.name)\(argument)}".asCode, value.meaning.asWords]
    })

  /// Meters of a view.
  static var meters: MadeText {
    MadeText(
      "meters", ["key", "on the screen", "what it is"],
      Meter.all.map { meter in
        let keys = [meter.key, meter.formerKey].compactMap { $0?.asCode }.joined(separator: ", ")
        return [keys, meter.meaning == nil ? "" : meter.name.asWords, meter.definition.asWords]
      })
  }

  /// What the binary carries.
  static let builtIns = MadeText(
    "built-ins",
    """
    Digits: \(BuiltIns.digitNames.map(\.asCode).joined(separator: ", ")).
    Models: \(BuiltIns.modelNames.map(\.asCode).joined(separator: ", ")).
    """)
}

extension String {
  /// Words in lines of at most 110 characters.
  fileprivate var wrapped: String {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 110 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
