/// What a kind of dropout acts on.
public enum Target: String, CaseIterable, Sendable {
  /// The activation that flows along an edge of the graph.
  case activation
  /// The weights of a node: convolutions and dense layers have some.
  case weights
  /// The cells that a max-pool chooses from.
  case pool
  /// The network's input: an augmentation of the data.
  case input

  /// What a node must have for such a kind to act on it, for a line that says why it cannot.
  public var need: String {
    switch self {
    case .activation: "an activation"
    case .weights: "a node with weights (Conv, Gemm)"
    case .pool: "the input of a MaxPool"
    case .input: "the network's input"
    }
  }
}
