import Masks
import TensorCore

extension Recipe {
  /// A language model of letters with the five dropouts of AWD-LSTM, at fastai's rates: rows of the embedding,
  /// what the first layer reads, the recurrent weights, between the layers, and before the output, whose
  /// weights are the embedding's. Merity et al. 2017 (arXiv:1708.02182), small: 64 numbers a letter and two
  /// layers, there 400 a word and three. States begin at 0 in each window, and the step is Adam's; the paper's
  /// ways are `awd-lstm-words`'s.
  static let awdLSTM = letters(
    name: "awd-lstm",
    summary:
      "embedding 64, lstm 192, lstm 64, the embedding again; embedding dropout .02, locked .25, "
      + ".15 and .1, recurrent .2",
    source: "Merity 2017, arXiv:1708.02182; fastai's rates", learningRate: 0.003,
    graph: { $0.awdLSTM(features: 64, units: 192) })

  /// The same of words, nearer to the paper: states go on from window to window, and steps are those of
  /// plain descent with clipped gradients, averaged once it gets no further (NT-ASGD).
  static let awdLSTMWords = Recipe(
    name: "awd-lstm-words",
    summary:
      "the same of words: embedding 128, lstm 256, lstm 128, the embedding again; states go on from "
      + "window to window",
    source: "Merity 2017, arXiv:1708.02182; fastai's rates", inputShape: [TextWindows.length],
    inputType: .int64, classes: example.words.count,
    optimizer: AveragedSGD(learningRate: 20, clip: 0.25, patience: 3), batchSize: 32, epochs: 20,
    reading: { text, words throws(TensorError) in try TextWindows(text, words) },
    texts: Texts(input: example, output: example, ofText: TextWindows.words),
    carriesStates: true, example: "to be, or not to be",
    graph: { $0.awdLSTM(features: 128, units: 256) })

  /// What it knows before it has seen a text.
  private static let example = Vocabulary(
    words: ["<unk>", "\n", ",", "to", "be", "or", "not", "."])
}

extension GraphBuilder {
  /// Two layers between an embedding and itself; the second has as many units as the embedding has numbers.
  fileprivate mutating func awdLSTM(features: Int, units: Int) {
    let words = vocabulary?.words.count ?? 0
    let table = weights("embedding.weight", [words, features])
    layer("Gather", [table, value], "embedding", shape: [features], ["axis": .int(0)])
    dropout(EmbeddingDropout(), 0.02)
    dropout(LockedDropout(), 0.25)
    recurrent(.lstm, units, recurrentRate: 0.2)
    dropout(LockedDropout(), 0.15)
    recurrent(.lstm, features, recurrentRate: 0.2)
    dropout(LockedDropout(), 0.1)
    node("Transpose", [table], "embedding.turned", attributes: ["perm": .ints([1, 0])])
    layer("MatMul", [value, "embedding.turned"], "product", shape: [words])
    layer("Add", [value, zeros("output.bias", [words])], "logits", shape: [words])
    let made = vocabulary?.isOfLetters ?? true ? "letters" : "words"
    layer("Softmax", [value], made, shape: [words], ["axis": .int(-1)])
  }
}
