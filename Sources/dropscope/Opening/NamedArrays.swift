import Formats
import NeuralNet
import TensorCore

/// Arrays given to a model's inputs by name, `NAME=FILE.npy` each.
enum NamedArrays {
  /// Reads what was given.
  /// - Throws: `Failure` where a name is given twice, unknown or missing; `FormatError` where a file
  ///   cannot be read.
  static func read(
    _ arguments: [String], for graph: Graph, model: String
  ) throws -> [String: Value] {
    var arrays: [String: Value] = [:]
    for argument in arguments {
      // Names may hold a =, files seldom do.
      guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex else {
        throw Failure(usage: "--input: expected NAME=FILE.npy, found \(argument)")
      }
      let (name, path) = (argument[..<equals], String(argument[argument.index(after: equals)...]))
      guard graph.inputs.contains(where: { $0.name == name }) else {
        throw Failure(
          .badData, "--input: expected one of \(graph.inputNames) of \(model), found \(name)")
      }
      let value = try NPY.value(from: FileBytes.read(path), named: path)
      guard arrays.updateValue(value, forKey: String(name)) == nil else {
        throw Failure(usage: "--input: expected each name once, found \(name) twice")
      }
    }
    if let missing = graph.inputs.first(where: { arrays[$0.name] == nil }) {
      throw Failure(
        .badData,
        "\(model): expected --input \(missing.name)=FILE.npy \(missing.shapeText)"
          + " \(missing.type.rawValue), found none")
    }
    return arrays
  }
}

extension Graph {
  fileprivate var inputNames: String {
    inputs.isEmpty ? "no inputs" : inputs.map(\.name).joined(separator: ", ")
  }
}
