import NeuralNet

extension FuzzEntry {
  /// Graphs that are sound by construction, of every operator of the registry: run, trained, shown and
  /// edited.
  static let graph = FuzzEntry("graph", longest: 256, share: 1) { bytes in
    var choices = ByteChoices(bytes)
    var maker = GraphMaker(&choices)
    guard let graph = try? maker.graph(&choices) else {
      return expect(false, "a graph of sound nodes is none")
    }
    ModelUse.tryAll(graph, &choices)
  }
}
