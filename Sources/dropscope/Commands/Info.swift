import ArgumentParser
import Formats
import NeuralNet
import Scope

/// `dropscope info`: what is in a model.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List a model's nodes, shapes, parameters, multiply-adds and dropout sites.")

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model = "digits"

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let report = try ModelReport(Network(try ModelFile.read(model)), name: model)
    if json {
      try OutputKind.write(JSONFile.bytes(report), to: "-")
    } else {
      Terminal.write(report.text)
    }
  }
}
