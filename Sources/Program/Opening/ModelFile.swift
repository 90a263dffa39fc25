import Formats
import Masks
import NeuralNet

/// A model by path or by the name of a built-in one.
enum ModelFile {
  /// - Parameters:
  ///   - axes: what the user says of axes, `NODE=N,T,F` each
  ///   - strict: whether a model is refused that has anything ONNX does not allow
  /// - Throws: `FormatError` where the file is missing or no model; `Failure` where there are no such
  ///   axes, and for what ONNX does not allow.
  static func read(_ name: String, axes: [String] = [], strict: Bool = false) throws -> Graph {
    var graph =
      try BuiltIns.model(name)
      ?? MissingFile.suggesting(name, MissingFile.models) { try ONNXReader.graph(at: name) }
    if strict { try check(graph, named: name) }
    try AxesOption.name(axes, in: &graph)
    return graph
  }

  private static func check(_ graph: Graph, named name: String) throws {
    let network = Network(graph)
    let complaints = network.conformance(network.signature(openSizes: 1))
    guard let first = complaints.first else { return }
    let more = complaints.count > 1 ? ", and \(complaints.count - 1) more; info lists them" : ""
    throw Failure(.badData, "\(name): \(first)\(more)")
  }

  /// Writes a model, reads it again and compares the two.
  /// - Throws: `FormatError` where it cannot be written, `Failure` where what is read is another model.
  static func write(_ graph: Graph, to path: String) throws {
    try ONNXWriter.write(graph, to: path)
    let (written, found) = SideBySide.run(
      { Essentials(graph) },
      { Result { Essentials(try ONNXReader.graph(at: path)) } })
    let read = try found.get()
    Lasting.keep(read.network)
    for (what, texts) in zip(Essentials.names, zip(written.texts, read.texts))
    where texts.0 != texts.1 {
      throw Failure(
        .inputOutput,
        "\(path): was written, but reads otherwise: expected \(what) \(texts.0), found \(texts.1)")
    }
  }

  /// What must be the same in a model that was written and read again.
  private struct Essentials {
    static let names = ["inputs", "outputs", "nodes", "dropout"]
    let network: Network
    let texts: [String]

    init(_ graph: Graph) {
      network = Network(graph)
      let inputs = graph.inputs.map { "\($0.name) \($0.type) \($0.shapeText)" }
      let dropouts =
        network.writtenDropouts.map { ("", $0) }
        + network.dropoutsInside.map { ($0.place, $0.dropout) }
      texts = [
        inputs.joined(separator: ", "), graph.outputs.joined(separator: ", "),
        "\(Essentials.nodes(of: graph))",
        dropouts.map { place, own in
          "\(place)\(own.site) → \(own.result) "
            + "\(own.rate.map { "\(Float($0.p))" } ?? own.rateInput ?? "?") "
            + "\(own.sharedAxes.map { "\($0)" } ?? "elements") \(own.activity)"
        }.joined(separator: ", "),
      ]
    }

    /// How many nodes there are that read something or hold graphs, with those in the graphs: in functions
    /// constants are nodes.
    private static func nodes(of graph: Graph) -> Int {
      graph.nodes.reduce(0) { count, node in
        let bodies = node.bodies
        return bodies.reduce(count + (node.inputs.isEmpty && bodies.isEmpty ? 0 : 1)) {
          $0 + nodes(of: $1.body.graph)
        }
      }
    }
  }
}
