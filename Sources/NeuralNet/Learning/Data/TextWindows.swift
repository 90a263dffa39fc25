public import TensorCore

/// A text cut into windows of 64 letters or words, for a network that says at each what the next one is.
public struct TextWindows: Dataset {
  /// Letters or words of a window.
  public static let length = 64
  /// What is read and written by letters: a line break and the 95 of ASCII that print; all others are the
  /// first.
  public static let letters = Vocabulary(
    words: ["<unk>", "\n"]
      + (32...126 as ClosedRange<UInt8>).map { "\(Character(Unicode.Scalar($0)))" })

  private let tokens: [Int64]
  public let count: Int
  public var unit: String { "windows" }

  /// The windows of a text, one behind the other; what is left over at its end belongs to none.
  /// - Throws: `TensorError` where there is not one, or a word is none of the vocabulary.
  public init(
    _ text: String, _ vocabulary: Vocabulary = TextWindows.letters
  ) throws(TensorError) {
    tokens = try vocabulary.tokens(of: text)
    // The last letter of a window has one behind it.
    count = max(0, tokens.count - 1) / TextWindows.length
    guard count > 0 else {
      let unit = vocabulary.isOfLetters ? "letters" : "words"
      throw TensorError(
        "text", expected: "more than \(TextWindows.length) \(unit)", found: "\(tokens.count)")
    }
  }

  /// Tokens `[N,64]`, and for each the one behind it.
  public func batch(_ indices: [Int]) -> Batch {
    let length = TextWindows.length
    let starts = indices.map { $0 * length }
    let rows = starts.flatMap { tokens[$0..<$0 + length] }
    return Batch(
      [.int64(NDArray([indices.count, length], rows))],
      .tokens(starts.flatMap { tokens[$0 + 1...$0 + length].map(Int.init) }))
  }
}

extension TextWindows {
  /// The words of the first nine tenths of a text, those that are trained on: in small letters, the most
  /// frequent first, each that stands there at least twice and 10,000 at most; `<unk>` is for all others.
  public static func words(of text: String) -> Vocabulary {
    let all = Vocabulary.parts(of: text)
    var counts: [String: Int] = [:]
    for word in all.prefix(all.count * 9 / 10) { counts[word.lowercased(), default: 0] += 1 }
    let known = counts.filter { $0.value > 1 && $0.key != "\n" }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return Vocabulary(words: ["<unk>", "\n"] + known.prefix(10_000).map(\.key))
  }
}
