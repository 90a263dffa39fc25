import ArgumentParser
import Formats
import Masks
import NeuralNet
import TensorCore

/// `dropscope run`: any model on any inputs, every output as a file.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a model on arrays and write every output as NPY.",
    discussion: """
      Outputs keep their own types (float32, int64, bool). In their names, characters other than \
      letters, digits, '.', '_' and '-' become '_'.
      """)

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model: String

  @Option(help: ArgumentHelp("An array for an input; repeat for more.", valueName: "name=file.npy"))
  var input: [String] = []

  @Option(help: ArgumentHelp("\(AxesOption.help)", valueName: "node=N,T,F"))
  var axes: [String] = []

  @Flag(
    help: """
      Let the model's Dropout nodes drop; batch normalisation stays in evaluation. A node with a \
      seed attribute draws as ONNX's reference does, by NumPy's generator.
      """)
  var training = false

  @Option(help: "The seed of Dropout nodes that have none of their own.")
  var seed: UInt64 = 0

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output: String

  func run() throws {
    let graph = try ModelFile.read(model, axes: axes)
    let inputs = try NamedArrays.read(input, for: graph, model: model)
    let folder = try OutputFolder(output)
    let files = try OutputFolder.fileNames(for: graph.outputs)
    let results = try Network(graph).run(
      inputs, wanted: graph.outputs,
      context: RunContext(
        mode: training ? .train : .eval, stream: RandomStream(seed: seed), obeysSeeds: true))
    for (name, file) in zip(graph.outputs, files) {
      guard let value = results.values[name] else { continue }
      try folder.write(NPY.bytes(value), as: file)
    }
  }
}
