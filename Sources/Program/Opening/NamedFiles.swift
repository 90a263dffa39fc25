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
    try lists(arguments, for: graph, model: model, option: option, file: file).compactMapValues(
      \.first)
  }

  /// The files of each input that some are given for: one, of a sequence any number in their order.
  private static func lists(
    _ arguments: [String], for graph: Graph, model: String, option: String, file: String
  ) throws -> [String: [String]] {
    var files: [String: [String]] = [:]
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
      let isSequence = graph.inputs.contains { $0.name == name && $0.elements != nil }
      // Nothing for a file is a sequence of no arrays.
      files[name, default: []] += isSequence && path.isEmpty ? [] : [path]
      guard isSequence || files[name]?.count == 1 else {
        throw Failure(usage: "\(option): expected each name once, found \(name) twice")
      }
    }
    return files
  }

  /// The arrays of NPY files for all inputs of a graph, as the files have them; an input of a sequence
  /// takes as many as are given, in their order, and an optional one may be left out.
  /// - Throws: `Failure` where a name is given twice, unknown or missing; `FormatError` where a file
  ///   cannot be read.
  static func arrays(
    _ arguments: [String], for graph: Graph, model: String
  ) throws -> [String: Value] {
    let files = try lists(
      arguments, for: graph, model: model, option: "--input", file: "FILE.npy")
    let lists = try files.mapValues { paths in
      try paths.map { path in
        try MissingFile.suggesting(path) { try NPY.value(from: FileBytes.read(path), named: path) }
      }
    }
    var arrays: [String: Value] = [:]
    for input in graph.inputs {
      guard let values = lists[input.name] else { continue }
      arrays[input.name] = input.elements == nil ? values[0] : .sequence(values)
    }
    let missing = graph.inputs.first { arrays[$0.name] == nil && !$0.isOptional }
    if let missing {
      throw Failure(
        .badData,
        "\(model): expected --input \(missing.name)=FILE.npy \(missing.shapeText)"
          + " \(missing.typeText), found none; inputs are \(graph.inputsText)")
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
      : inputs.map { "\($0.name) \($0.typeText) \($0.shapeText)" }.joined(separator: ", ")
  }
}
