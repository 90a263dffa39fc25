public import TensorCore

/// The words that a network of tokens reads or writes, by their tokens: letters, or words of a language.
///
/// As a file it has a word a line, as BERT's `vocab.txt`; a line break is `\n` or `\r` there and a
/// backslash `\\`.
public struct Vocabulary: Equatable, Sendable {
  /// The words in the order of their tokens.
  public let words: [String]
  private let tokens: [String: Int]
  /// Whether no word has more than one letter, so that texts are read letter by letter.
  public let isOfLetters: Bool

  /// A vocabulary; of words that stand in it twice the first token counts.
  public init(words: [String]) {
    self.words = words
    tokens = Dictionary(zip(words, words.indices)) { first, _ in first }
    isOfLetters = words.allSatisfy { $0.count <= 1 || Vocabulary.isSpecial($0) }
  }

  /// Reads a file's text; lines may end as they do elsewhere.
  /// - Throws: `TensorError` where there is no word in it.
  public init(parsing text: String) throws(TensorError) {
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    lines = lines.map { $0.last == "\r" ? $0.dropLast() : $0 }
    guard !lines.isEmpty else {
      throw TensorError("vocabulary", expected: "a word a line", found: "nothing")
    }
    self.init(words: lines.map { Vocabulary.unescaped($0) })
  }

  /// The text of a file.
  public var text: String {
    words.map { word in
      word.unicodeScalars.map { Vocabulary.escapes[$0] ?? String($0) }.joined() + "\n"
    }.joined()
  }

  /// The tokens of a text: of its letters, or of its words and marks; in small letters where the vocabulary
  /// has no capital ones, and as `<unk>` or `[UNK]` where it has such a word.
  /// - Throws: `TensorError` that names the first word which is none of the vocabulary.
  public func tokens(of text: String) throws(TensorError) -> [Int64] {
    var found: [Int64] = []
    for part in isOfLetters ? text.map({ String($0) }) : Vocabulary.parts(of: text) {
      guard let token = tokens[part] ?? tokens[part.lowercased()] ?? unknown else {
        throw TensorError(
          "text", expected: "\(isOfLetters ? "letters" : "words") of the model's vocabulary",
          found: "'\(part)'")
      }
      found.append(Int64(token))
    }
    return found
  }

  /// A word as a person reads it; a token that is none has its number.
  public func word(_ token: Int) -> String {
    words.indices.contains(token) ? words[token] : "#\(token)"
  }

  /// Tokens as a text.
  public func text(of tokens: [Int]) -> String {
    tokens.map(word).joined(separator: isOfLetters ? "" : " ")
  }

  private var unknown: Int? { tokens["<unk>"] ?? tokens["[UNK]"] }

  /// `<unk>`, `[PAD]`: names of what is no word.
  private static func isSpecial(_ word: String) -> Bool {
    word.hasPrefix("<") && word.hasSuffix(">") || word.hasPrefix("[") && word.hasSuffix("]")
  }

  /// Words, and each mark between them by itself; a line break is one.
  static func parts(of text: String) -> [String] {
    var (parts, word) = ([String](), "")
    func isOfWord(_ letter: Character) -> Bool {
      letter.isLetter || letter.isNumber || letter == "'"
    }
    for letter in text {
      if isOfWord(letter) {
        word.append(letter)
        continue
      }
      if !word.isEmpty { parts.append(word) }
      word = ""
      if letter.isNewline {
        parts.append("\n")
      } else if !letter.isWhitespace {
        parts.append("\(letter)")
      }
    }
    return word.isEmpty ? parts : parts + [word]
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\n": "\\n", "\r": "\\r", "\\": "\\\\",
  ]

  private static func unescaped(_ line: Substring.UnicodeScalarView) -> String {
    var (word, isEscaped) = (String.UnicodeScalarView(), false)
    for letter in line {
      if isEscaped {
        word.append(letter == "n" ? "\n" : letter == "r" ? "\r" : letter)
        isEscaped = false
      } else if letter == "\\" {
        isEscaped = true
      } else {
        word.append(letter)
      }
    }
    return isEscaped ? String(word) + "\\" : String(word)
  }
}

extension Graph {
  /// What the tokens stand for that the graph reads, where its metadata says so under `vocabulary`.
  public var vocabulary: Vocabulary? {
    metadata["vocabulary"].flatMap { try? Vocabulary(parsing: $0) }
  }

  /// What those stand for that it writes, under `output_vocabulary`.
  public var outputVocabulary: Vocabulary? {
    metadata["output_vocabulary"].flatMap { try? Vocabulary(parsing: $0) }
  }
}
