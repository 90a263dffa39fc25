import Formats
import NeuralNet
import TensorCore

/// A text a person gives to a network that reads tokens.
struct TextInput {
  /// What it says.
  let text: String
  /// What it is called on the screen and in messages.
  let name: String

  /// The text that something typed is: where no file has that name and the input reads tokens that words
  /// are known of.
  init?(typed: String, for input: Graph.Input, of graph: Graph) {
    guard TextInput.reads(input, of: graph), !MissingFile.isThere(typed) else { return nil }
    (text, name) = (typed, "\"\(typed)\"")
  }

  /// The text of a file, without the line break at its end.
  /// - Throws: `FormatError` where it cannot be read or is no UTF-8.
  init(file path: String) throws {
    let bytes = try MissingFile.suggesting(path) { try FileBytes.read(path) }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      throw FormatError(path, expected: "a text in UTF-8", found: "other bytes")
    }
    if text.last?.isNewline ?? false { text.removeLast() }
    (self.text, name) = (text, ViewOptions.baseName(path))
  }

  /// Whether an input reads tokens whose words are known.
  static func reads(_ input: Graph.Input, of graph: Graph) -> Bool {
    input.type.computed == .int64 && graph.vocabulary != nil && (1...2).contains(input.dims.count)
  }

  /// The text as the tokens of an input, `[T]` or one sample `[1,T]`; where the input has a fixed length the
  /// vocabulary's first word stands behind a shorter text, if that is no letter.
  /// - Throws: `Failure` where the model knows no words or does not read texts, or the text is too long;
  ///   `TensorError` where one of its words is not known.
  func tokens(for input: Graph.Input, of graph: Graph, named model: String) throws -> Value {
    guard let vocabulary = graph.vocabulary else {
      throw Failure(
        .badData,
        "\(model): expected a vocabulary in its metadata or by --vocabulary, found none for \(name)"
      )
    }
    guard TextInput.reads(input, of: graph) else {
      throw Failure(
        .badData,
        "\(model), input \(input.name): expected tokens for \(name), "
          + "found \(input.type.rawValue) \(input.shapeText)")
    }
    var tokens = try vocabulary.tokens(of: text)
    guard !tokens.isEmpty else { throw Failure(usage: "expected a text, found an empty one") }
    if let length = input.dims.last ?? nil, input.hasShape, length != tokens.count {
      guard tokens.count < length, vocabulary.words.first?.isEmpty ?? false else {
        throw Failure(
          .badData,
          "\(model): expected a text of \(length) "
            + "\(vocabulary.isOfLetters ? "letters" : "words"), found \(tokens.count)")
      }
      tokens += Array(repeating: 0, count: length - tokens.count)
    }
    let shape = Shape(input.dims.count == 1 ? [tokens.count] : [1, tokens.count])
    return try Value.int64(NDArray(shape, tokens)).converted(to: input.type)
  }
}

extension Graph {
  /// The words of a file in place of those the model brings.
  /// - Throws: `FormatError` where it cannot be read.
  mutating func takeVocabulary(_ path: String) throws {
    let bytes = try MissingFile.suggesting(path) { try FileBytes.read(path) }
    guard let text = String(validating: bytes, as: UTF8.self),
      (try? Vocabulary(parsing: text)) != nil
    else {
      throw FormatError(path, expected: "a vocabulary, a word a line", found: "none")
    }
    metadata["vocabulary"] = text
  }
}
