package import ArgumentParser
import TensorCore

/// The program: `view` where no command is named.
package struct Dropscope: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "dropscope",
    abstract: "See what dropout really does inside a convolutional network.",
    discussion: """
      Shows a feature map beside its dropout mask and the result, on your own image and your own \
      ONNX model. Press ? inside for the keys.
      """,
    version: "0.1.0 (\(InstructionSet.chosen))",
    subcommands: [
      View.self, Play.self, Render.self, Export.self, Run.self, Train.self, Info.self, Edit.self,
    ],
    defaultSubcommand: View.self)

  package init() {}
}
