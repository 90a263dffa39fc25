import Formats
import NeuralNet

/// A model by path or by the name of a built-in one.
enum ModelFile {
  /// - Parameter axes: what the user says of axes, `NODE=N,T,F` each
  /// - Throws: `FormatError` where the file is missing or no model; `Failure` where there are no such
  ///   axes.
  static func read(_ name: String, axes: [String] = []) throws -> Graph {
    var graph = try BuiltIns.model(name) ?? ONNXReader.graph(at: name)
    try AxesOption.apply(axes, to: &graph, of: name)
    return graph
  }
}
