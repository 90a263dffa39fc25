/// What a network differs in from its recipe: other widths, another nonlinearity, other words. Names of
/// layers stay.
public struct LayerChanges: Equatable, Sendable {
  /// Units or channels by layer: `["dense1": 128]`.
  public var widths: [String: Int]
  /// The ONNX operator in the place of each hidden ReLU or sigmoid; nil as the recipe has them.
  public var activation: String?
  /// The words of the text it learns from; nil for those the recipe has.
  public var vocabulary: Vocabulary?

  /// The most units a layer may be given, and the most weights it may then have.
  public static let mostUnits = 1 << 16
  static let mostWeights = 1 << 28

  /// By default no change.
  public init(
    widths: [String: Int] = [:], activation: String? = nil, vocabulary: Vocabulary? = nil
  ) {
    (self.widths, self.activation, self.vocabulary) = (widths, activation, vocabulary)
  }

  /// The nonlinearities there are, by the words for them.
  public static let activations = ["relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh"]
}

extension Recipe {
  /// The network with other widths or another nonlinearity; weights that keep their shape start as they
  /// do without.
  /// - Throws: `GraphError` where there is no such layer, it is the one that gives the classes, or it
  ///   would be too large.
  public func graph(seed: UInt64, _ changes: LayerChanges) throws(GraphError) -> Graph {
    for (layer, units) in changes.widths.sorted(by: { $0.key < $1.key })
    where !(1...LayerChanges.mostUnits).contains(units) {
      throw GraphError("width \(layer): expected 1 to \(LayerChanges.mostUnits), found \(units)")
    }
    let made = make(seed, changes)
    let known = made.widths.dropLast().map(\.layer)
    if let unknown = changes.widths.keys.sorted().first(where: { !known.contains($0) }) {
      throw GraphError(
        "width: expected one of \(known.joined(separator: ", ")) of \(name), found \(unknown)")
    }
    return try made.graph()
  }
}
