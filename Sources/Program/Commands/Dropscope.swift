package import ArgumentParser
import TensorCore

/// The program: `view` where no command is named.
package struct Dropscope: ParsableCommand {
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "dropscope",
      abstract: "See what dropout really does inside a network.",
      usage: "dropscope [<command>] [<input>] [<options>]",
      discussion: """
        Shows a feature map beside its dropout mask and the result, on your own image and your own \
        ONNX model. Press ? inside for the keys.

        EXAMPLES:
        \(examples.map { "  \($0)" }.joined(separator: "\n"))

        COMMON OPTIONS (all of them: dropscope help view):
        \(commonOptions.map { "  \($0)" }.joined(separator: "\n"))
        """,
      version: "0.1.0 (\(InstructionSet.chosen))",
      subcommands: builtIn + added, defaultSubcommand: View.self)
  }

  private static let builtIn: [any ParsableCommand.Type] = [
    View.self, Learn.self, Play.self, Render.self, Export.self, Run.self, Train.self,
    RaceCommand.self, Sweep.self, Info.self, Edit.self,
  ]

  /// Commands of another target, after the built-in ones while a call lasts:
  /// `Dropscope.$added.withValue([Mine.self]) { … }`.
  @TaskLocal package static var added: [any ParsableCommand.Type] = []

  /// Command lines to begin with.
  static let examples = [
    "dropscope                                   the built-in seven, digits model",
    "dropscope photo.png --model lenet.onnx      your image in your model",
    "dropscope render seven -o view.png          the same view as a picture",
    "dropscope learn                             lessons of a minute each",
    "dropscope train digits                      a network trained with dropout",
  ]

  /// What is chosen most often; the rest is in the help of the commands.
  static let commonOptions = [
    "--model FILE.onnx|NAME   the network (default: digits)",
    "--layer NODE             the layer shown",
    "--at NODE                where dropout acts (default: the layer shown)",
    "--kind NAME              element, spatial, block, … (default: element)",
    "--rate P                 the probability of dropping, 0 to 1 (default: .5)",
    "--seed N                 another field of random numbers (default: 7)",
    "--mode train|eval        training, where dropout acts, or evaluation",
    "--index N                which item of a file that holds several",
  ]

  package init() {}

  /// The command that words ask for.
  /// - Parameter arguments: the words behind the program's name; nil for those the program was given
  /// - Throws: what `exit(with:)` tells: help that was asked for, or what makes no sense.
  package static func command(_ arguments: [String]? = nil) throws -> any ParsableCommand {
    let arguments = arguments ?? Array(CommandLine.arguments.dropFirst())
    try UsageText.checkHelp(arguments)
    return try commandAlone(arguments) ?? parseAsRoot(arguments)
  }
}
