extension Network {
  /// The value that holds the logits: what a final Softmax or LogSoftmax reads, else the network's
  /// first output itself. Reshapes and dropouts on the way are looked through.
  public var logits: String? {
    guard var value = graph.outputs.first else { return nil }
    while let index = graph.nodes.firstIndex(where: { $0.outputs.first == value }) {
      switch role(of: index) {
      case .probability: return graph.nodes[index].inputs.first
      case .reshape, .dropout:
        guard let above = graph.nodes[index].inputs.first, graph.constants[above] == nil,
          !above.isEmpty
        else { return graph.outputs.first }
        value = above
      default: return graph.outputs.first
      }
    }
    return graph.outputs.first
  }
}
