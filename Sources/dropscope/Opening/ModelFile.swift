import Formats
import Masks
import NeuralNet

/// A model by path or by the name of a built-in one.
enum ModelFile {
  /// - Throws: `FormatError` where the file is missing or no model.
  static func read(_ name: String) throws -> Graph {
    if let builtIn = try BuiltIns.model(name) { return builtIn }
    return try ONNXReader.graph(at: name)
  }

  /// Writes a model, reads it again and compares the two.
  /// - Throws: `FormatError` where it cannot be written, `Failure` where what is read is another model.
  static func write(_ graph: Graph, to path: String) throws {
    try ONNXWriter.write(graph, to: path)
    let (written, read) = (Facts(graph), Facts(try ONNXReader.graph(at: path)))
    for (what, texts) in zip(Facts.names, zip(written.texts, read.texts)) where texts.0 != texts.1 {
      throw Failure(
        .inputOutput,
        "\(path): was written, but reads otherwise: expected \(what) \(texts.0), found \(texts.1)")
    }
  }

  /// What must be the same in a model that was written and read again.
  private struct Facts {
    static let names = ["inputs", "outputs", "nodes", "dropout"]
    let texts: [String]

    init(_ graph: Graph) {
      let inputs = graph.inputs.map { "\($0.name) \($0.type) \($0.shapeText)" }
      let dropouts = Network(graph).writtenDropouts.map { own in
        "\(own.site) → \(own.result) \(own.rate.map { "\(Float($0.p))" } ?? own.rateInput ?? "?") "
          + "\(own.sharedAxes.map { "\($0)" } ?? "elements") \(own.activity)"
      }
      texts = [
        inputs.joined(separator: ", "), graph.outputs.joined(separator: ", "),
        "\(graph.nodes.count)", dropouts.joined(separator: ", "),
      ]
    }
  }
}
