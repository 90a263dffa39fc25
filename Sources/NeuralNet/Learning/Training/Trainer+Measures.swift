import Masks
public import TensorCore

/// What a network in training is like beside its loss.
extension Trainer {
  /// How long the weights are that lead into each unit or feature map of a parameter.
  public struct UnitNorms: Equatable, Sendable {
    /// The parameter.
    public var parameter: String
    /// The length of each unit's weights.
    public var norms: [Double]
    /// What max-norm lets it be; nil where nothing bounds it.
    public var limit: Double?
  }

  /// The lengths of the weights of every layer's units, in the order in which the layers are read.
  public var unitNorms: [UnitNorms] {
    let weights = weights
    return Network(original).parameters.compactMap { parameter in
      guard let axis = parameter.unitAxis, let own = weights[parameter.name] else { return nil }
      let isLimited = maxNorm?.parameters?.contains(parameter.name) ?? true
      return UnitNorms(
        parameter: parameter.name, norms: own.norms(alongAxis: axis),
        limit: isLimited ? maxNorm?.limit : nil)
    }
  }

  /// The values of a batch by the names of the network's inputs.
  public func named(_ inputs: [Value]) -> [String: Value] {
    Dictionary(zip(original.inputs.map(\.name), inputs)) { first, _ in first }
  }

  /// Computes values of the network as it stands: at evaluation, or with dropout acting.
  /// - Parameters:
  ///   - wanted: the values' names; each is as its readers see it, after a dropout that sits there
  ///   - stream: where the masks come from; nil for evaluation, without dropout
  /// - Throws: `GraphError` where a name is not in the graph.
  public func plan(
    for wanted: [String], masksFrom stream: RandomStream? = nil
  ) throws(GraphError) -> Plan {
    let placements = dropouts.sorted { $0.key < $1.key }.map {
      Placement(site: $0.key, dropout: $0.value, seed: seed)
    }
    let context = RunContext(
      mode: stream == nil ? .eval : .train, stream: stream ?? RandomStream(seed: seed))
    let plan = try Plan(
      PlanBuilder(
        Network(original), placements: placements, context: context, scaling: scaling,
        sharesStream: true), wanted: wanted)
    return plan.replacing(weights.mapValues { .float32($0) })
  }

  /// The network's own dropouts that drop something: the node, what it reads, what is left of it, and the
  /// share that is.
  public var ownDropouts: [(name: String, input: String, output: String, keep: Double)] {
    Network(original).writtenDropouts.compactMap { own in
      guard let rate = own.rate, rate.p > 0, own.form != .random else { return nil }
      return (own.node, own.input, own.output, rate.keep)
    }
  }

  /// Whether a dropout drops something in training.
  public var drops: Bool {
    !ownDropouts.isEmpty || dropouts.values.contains { $0.rate.p > 0 || !$0.kind.followsRate }
  }

  /// What each batch normalisation reads: the node, the value, and the share of its cells that is kept where
  /// a dropout of single cells acts on that very value, scaled by 1/share.
  public var normalizations: [(name: String, value: String, keep: Double?)] {
    let own = Dictionary(ownDropouts.map { ($0.output, $0.keep) }) { first, _ in first }
    return Network(original).graph.nodes.compactMap { node in
      guard node.opType == BatchNormalization.opType, let value = node.inputs.first else {
        return nil
      }
      let placed = dropouts[value].flatMap { $0.kind is ElementDropout ? $0.rate.keep : nil }
      let isAlone = dropouts[value] == nil || own[value] == nil
      let keep = scaling == .inverted && isAlone ? placed ?? own[value] : nil
      return (node.name, value, keep)
    }
  }

  /// The hidden layers that are worth a look: what each activation makes, in the graph's order; where
  /// there is none, what each layer with weights makes but the last.
  public var hiddenLayers: [(name: String, value: String, unitAxis: Int)] {
    let network = Network(original)
    let shown = network.graph.nodes.indices.filter { network.role(of: $0) == .activation }
    let weighted = network.graph.nodes.indices.filter {
      [.convolution, .dense].contains(network.role(of: $0))
    }
    let ranks = network.descriptions
    return (shown.isEmpty ? Array(weighted.dropLast()) : shown).compactMap { index in
      guard let value = network.graph.nodes[index].outputs.first, value != trainedOutput,
        !network.graph.outputs.contains(value), let rank = ranks[value]?.shape.rank, rank > 1
      else { return nil }
      let axes = network.axes[value] ?? []
      let unit = axes.firstIndex { $0.name == .channel } ?? axes.firstIndex { $0.name == .feature }
      return (network.graph.nodes[index].name, value, max(1, unit ?? 1))
    }
  }
}

extension Tensor {
  /// √Σx² over everything that belongs to one place along an axis.
  func norms(alongAxis axis: Int) -> [Double] {
    let inner = shape.dims[(axis + 1)...].reduce(1, *)
    var squares = [Double](repeating: 0, count: shape[axis])
    guard count > 0 else { return squares }
    withElements { x in
      for start in 0..<x.count / inner {
        for value in x[start * inner..<(start + 1) * inner] {
          squares[start % squares.count] += Double(value) * Double(value)
        }
      }
    }
    return squares.map { $0.squareRoot() }
  }
}
