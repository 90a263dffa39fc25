/// What a kind of dropout acts on.
public enum Target: String, CaseIterable, Sendable {
  /// The activation that flows along an edge of the graph.
  case activation
  /// The weights of a node: convolutions, dense and recurrent layers have some.
  case weights
  /// The weights of a recurrent layer by its own state before: R of LSTM, GRU and RNN.
  case recurrentWeights = "recurrent weights"
  /// The table of an embedding, a row for each word.
  case embedding
  /// The probabilities by which attention weighs its sources.
  case attention
  /// The cells that a max-pool chooses from.
  case pool
  /// The network's input: an augmentation of the data.
  case input

  /// What a node must have for such a kind to act on it, for a line that says why it cannot.
  public var need: String {
    switch self {
    case .activation: "an activation"
    case .weights: "a node with weights (Conv, Gemm, LSTM)"
    case .recurrentWeights: "a recurrent layer (LSTM, GRU, RNN)"
    case .embedding: "an embedding (a Gather of a table's rows)"
    case .attention: "the Softmax of an attention"
    case .pool: "the input of a MaxPool"
    case .input: "the network's input"
    }
  }

  /// Whether it is learned numbers of a node, which do not flow along an edge.
  public var isParameter: Bool {
    switch self {
    case .weights, .recurrentWeights, .embedding: true
    case .activation, .attention, .pool, .input: false
    }
  }
}
