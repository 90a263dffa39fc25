public import TensorCore

/// A text cut into windows of 64 letters, for a network that says at each letter what the next one is.
public struct TextWindows: Dataset {
  /// Letters of a window.
  public static let length = 64
  /// What is read and written: a line break and the 95 of ASCII that print; all others are the first.
  public static let letters = Vocabulary(
    words: ["<unk>", "\n"]
      + (32...126 as ClosedRange<UInt8>).map { "\(Character(Unicode.Scalar($0)))" })

  private let tokens: [Int64]
  public let count: Int
  public var unit: String { "windows" }

  /// The windows of a text, one behind the other; what is left over at its end belongs to none.
  /// - Throws: `TensorError` where there is not one.
  public init(_ text: String) throws(TensorError) {
    tokens = try TextWindows.letters.tokens(of: text)
    // The last letter of a window has one behind it.
    count = max(0, tokens.count - 1) / TextWindows.length
    guard count > 0 else {
      throw TensorError(
        "text", expected: "more than \(TextWindows.length) letters", found: "\(tokens.count)")
    }
  }

  /// Letters `[N,64]`, and for each the one behind it.
  public func batch(_ indices: [Int]) -> Batch {
    let length = TextWindows.length
    let starts = indices.map { $0 * length }
    let rows = starts.flatMap { tokens[$0..<$0 + length] }
    return Batch(
      [.int64(NDArray([indices.count, length], rows))],
      .tokens(starts.flatMap { tokens[$0 + 1...$0 + length].map(Int.init) }))
  }
}
