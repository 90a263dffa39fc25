import ArgumentParser
import Formats
import NeuralNet
import Scope

/// `dropscope info`: what is in a model.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List a model's nodes, shapes, axes, parameters, multiply-adds and dropout sites.")

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model = "digits"

  @Option(help: ArgumentHelp("\(AxesOption.help)", valueName: "node=N,T,F"))
  var axes: [String] = []

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let report = try ModelReport(Network(try ModelFile.read(model, axes: axes)), name: model)
    if json {
      try OutputKind.write(JSONFile.bytes(report), to: "-")
    } else {
      Terminal.write(report.text)
    }
  }
}
