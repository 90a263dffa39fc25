import NeuralNet

extension FuzzEntry {
  /// A vocabulary and a text behind it: the vocabulary is read again as it was, and each word of the text has
  /// a token of it, or none is given.
  static let text = FuzzEntry("text", readers: ["TextInput"], longest: 512, share: 4) { bytes in
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let words = String(decoding: parts[0], as: UTF8.self)
    guard let vocabulary = try? Vocabulary(parsing: words) else { return }
    expect((try? Vocabulary(parsing: vocabulary.text)) == vocabulary, "\(vocabulary.words)")
    let text = String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self)
    guard let tokens = try? vocabulary.tokens(of: text) else { return }
    expect(tokens.allSatisfy { vocabulary.words.indices.contains(Int($0)) }, "\(tokens)")
  }
}
