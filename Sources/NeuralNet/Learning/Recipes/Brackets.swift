import TensorCore

extension Recipe {
  /// One recurrent layer that tells balanced brackets from others: nothing but what it remembers of all of
  /// them can. Dropout stands where threads put it: on the embedding, and on what is left behind the last
  /// step.
  private static func brackets(_ layer: GraphBuilder.Recurrent) -> Recipe {
    let word = layer.rawValue.lowercased()
    return Recipe(
      name: "\(word)-brackets",
      summary: "embedding 16, dropout .1, \(word) 32, dropout .2, dense 2",
      source: layer == .lstm
        ? "Hochreiter and Schmidhuber 1997" : "Cho et al. 2014, arXiv:1406.1078",
      inputShape: [BracketSequences.length], inputType: .int64, classes: 2,
      optimizer: Adam(learningRate: 0.003), batchSize: 64, epochs: 10,
      samples: { BracketSequences(count: $0, seed: $1) }, sampleCount: 12_000,
      texts: Texts(input: Vocabulary(words: BracketSequences.words)), example: "(()(()()))",
      graph: { net in
        net.embedding(BracketSequences.words.count, 16)
        net.dropout(0.1)
        net.recurrent(layer, 32, isLast: true)
        net.dropout(0.2)
        net.dense(2)
      })
  }

  static let lstmBrackets = brackets(.lstm)
  static let gruBrackets = brackets(.gru)
}
