import TensorCore

extension Recipe {
  /// A network that learns from the windows of a text, and writes letters.
  static func letters(
    name: String, summary: String, source: String, learningRate: Double,
    graph: @escaping @Sendable (inout GraphBuilder) -> Void
  ) -> Recipe {
    Recipe(
      name: name, summary: summary, source: source, inputShape: [TextWindows.length],
      inputType: .int64, classes: TextWindows.letters.words.count,
      optimizer: Adam(learningRate: learningRate), batchSize: 32, epochs: 4,
      reading: { text, letters throws(TensorError) in try TextWindows(text, letters) },
      texts: Texts(input: TextWindows.letters, output: TextWindows.letters),
      example: "To be, or not to be",
      graph: graph)
  }
}
