import Masks
import TensorCore

extension Recipe {
  /// A language model of letters with the five dropouts of AWD-LSTM, at fastai's rates: rows of the embedding,
  /// what the first layer reads, the recurrent weights, between the layers, and before the output, whose
  /// weights are the embedding's. Merity et al. 2017 (arXiv:1708.02182), small: 64 numbers a letter and two
  /// layers, there 400 a word and three. States begin at 0 in each window, and the step is Adam's; there they
  /// go on from window to window, and averaged SGD does it.
  static let awdLSTM = letters(
    name: "awd-lstm",
    summary:
      "embedding 64, lstm 192, lstm 64, the embedding again; embedding dropout .02, locked .25, "
      + ".15 and .1, recurrent .2",
    source: "Merity 2017, arXiv:1708.02182; fastai's rates", learningRate: 0.003,
    graph: { net in
      let words = TextWindows.letters.words.count
      let table = net.weights("embedding.weight", [words, 64])
      net.layer("Gather", [table, net.value], "embedding", shape: [64], ["axis": .int(0)])
      net.dropout(EmbeddingDropout(), 0.02)
      net.dropout(LockedDropout(), 0.25)
      net.recurrent(.lstm, 192, recurrentRate: 0.2)
      net.dropout(LockedDropout(), 0.15)
      net.recurrent(.lstm, 64, recurrentRate: 0.2)
      net.dropout(LockedDropout(), 0.1)
      net.node("Transpose", [table], "embedding.turned", attributes: ["perm": .ints([1, 0])])
      net.layer("MatMul", [net.value, "embedding.turned"], "product", shape: [words])
      net.layer("Add", [net.value, net.zeros("output.bias", [words])], "logits", shape: [words])
      net.layer("Softmax", [net.value], "letters", shape: [words], ["axis": .int(-1)])
    })
}
