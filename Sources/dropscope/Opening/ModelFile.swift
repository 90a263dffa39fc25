import Formats
import NeuralNet

/// A model by path or by the name of a built-in one.
enum ModelFile {
  /// - Throws: `FormatError` where the file is missing or no model.
  static func read(_ name: String) throws -> Graph {
    if let builtIn = try BuiltIns.model(name) { return builtIn }
    return try ONNXReader.graph(at: name)
  }
}
