import Formats
import NeuralNet
import TensorCore

/// Files given to a model's inputs by name, `NAME=FILE` each.
enum NamedFiles {
  /// The file of each input that one is given for.
  /// - Parameters:
  ///   - option: the option they were given by
  ///   - file: what stands for a file in a message
  /// - Throws: `Failure` where a name is given twice or unknown.
  static func read(
    _ arguments: [String], for graph: Graph, model: String, option: String = "--input",
    file: String = "FILE"
  ) throws -> [String: String] {
    var files: [String: String] = [:]
    for argument in arguments {
      // Names may hold a =, and so may files: what stands before one of them is a name.
      let splits = argument.indices.filter { argument[$0] == "=" && $0 > argument.startIndex }
      guard let last = splits.last else {
        throw Failure(usage: "\(option): expected NAME=\(file), found \(argument)")
      }
      let known = splits.last { split in graph.inputs.contains { $0.name == argument[..<split] } }
      guard let split = known else {
        throw Failure(
          .badData,
          "\(option): expected one of \(graph.inputsText) of \(model), found \(argument[..<last])")
      }
      let name = String(argument[..<split])
      let path = String(argument[argument.index(after: split)...])
      guard files.updateValue(path, forKey: name) == nil else {
        throw Failure(usage: "\(option): expected each name once, found \(name) twice")
      }
    }
    return files
  }

  /// The arrays of NPY files for all inputs of a graph, as the files have them.
  /// - Throws: `Failure` where a name is given twice, unknown or missing; `FormatError` where a file
  ///   cannot be read.
  static func arrays(
    _ arguments: [String], for graph: Graph, model: String
  ) throws -> [String: Value] {
    let files = try read(arguments, for: graph, model: model, file: "FILE.npy")
    let arrays = try files.mapValues { path in
      try MissingFile.suggesting(path) { try NPY.value(from: FileBytes.read(path), named: path) }
    }
    if let missing = graph.inputs.first(where: { arrays[$0.name] == nil }) {
      throw Failure(
        .badData,
        "\(model): expected --input \(missing.name)=FILE.npy \(missing.shapeText)"
          + " \(missing.type.rawValue), found none; inputs are \(graph.inputsText)")
    }
    return arrays
  }
}

extension Graph {
  /// Arrays for the inputs, each as its input wants it.
  /// - Throws: `GraphError` where one does not fit.
  func converted(_ arrays: [String: Value]) throws(GraphError) -> [String: Value] {
    var converted: [String: Value] = [:]
    for input in inputs { converted[input.name] = try arrays[input.name]?.converted(to: input) }
    return converted
  }

  /// The inputs that must be given, with their types and shapes: `a float32 [1,3,8,8], t bool []`.
  var inputsText: String {
    inputs.isEmpty
      ? "no inputs"
      : inputs.map { "\($0.name) \($0.type.rawValue) \($0.shapeText)" }.joined(separator: ", ")
  }
}
