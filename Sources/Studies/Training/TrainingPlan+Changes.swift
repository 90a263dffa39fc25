import Masks
public import NeuralNet
import TensorCore

/// What changes make of a plan.
extension TrainingPlan {
  /// A recipe with changes.
  /// - Parameter vocabulary: the words of the text it learns from; nil for the recipe's own
  /// - Throws: `GraphError` or `TensorError` where a site, a layer or a kind is none, or a setting makes
  ///   no sense for the recipe.
  public init(
    _ recipe: Recipe, seed: UInt64, _ changes: TrainingChanges, vocabulary: Vocabulary? = nil
  ) throws {
    var layers = LayerChanges(
      activation: changes.activation.flatMap { LayerChanges.activations[$0] },
      vocabulary: vocabulary)
    if !changes.widths.isEmpty {
      // Rates decide widths of n/p, and are known once the network is there.
      var plain = try TrainingPlan(recipe, seed: seed)
      try plain.setDropouts(changes)
      for (layer, width) in changes.widths {
        switch width {
        case .units(let units): layers.widths[layer] = units
        case .overKeep: layers.widths[layer] = try plain.unitsOverKeep(layer)
        }
      }
    }
    try self.init(recipe, seed: seed, changes: layers)
    try apply(changes)
  }

  /// Changes what a plan does; layers can be changed of recipes only, before there is a network.
  /// - Throws: as above.
  public mutating func apply(_ changes: TrainingChanges, isRecipe: Bool = true) throws {
    guard isRecipe || (changes.widths.isEmpty && changes.activation == nil) else {
      throw GraphError("width, activation: expected a recipe, found \(name)")
    }
    try setDropouts(changes)
    dropoutEpochs = changes.dropoutEpochs
    if let limit = changes.maxNorm { maxNorm = limit > 0 ? MaxNorm(limit) : nil }
    if let text = changes.batchNorm {
      batchNormalization = try BatchStatistics.named(text, as: "batch-norm")
    }
    try setOptimizer(changes)
  }

  /// The dropouts that act, in the graph's order: each as `SITE=KIND,RATE`.
  public var dropoutTexts: [String] {
    let own = Network(graph).writtenDropouts.compactMap { own in
      own.rate.flatMap { $0.p > 0 ? "\(own.node)=element,\($0.p)" : nil }
    }
    return own
      + placements.map { placed in
        let name = Network(graph).writtenDropouts.first { $0.result == placed.site }?.node
        return "\(name ?? placed.site)=\(placed.dropout.kind.name),\(placed.dropout.rate.p)"
      }
  }

  private mutating func setOptimizer(_ changes: TrainingChanges) throws(TensorError) {
    var text = changes.optimizer ?? "\(optimizer)"
    for (key, number) in [("lr", changes.learningRate), ("l2", changes.l2)] {
      guard let number else { continue }
      let parts = text.split(separator: ",").filter { !$0.hasPrefix("\(key)=") }
      text = (parts + ["\(key)=\(number)"]).joined(separator: ",")
    }
    optimizer = try OptimizerRegistry.make(text)
  }

  private mutating func setDropouts(_ changes: TrainingChanges) throws {
    let own = Network(graph).writtenDropouts
    if !changes.ownDropout {
      try removeOwnDropout()
    } else if let rate = changes.ownRate {
      guard !own.isEmpty else {
        throw GraphError("rate: expected a Dropout node in \(name), found none; use rate SITE")
      }
      graph = try graph.edited { edit throws(GraphError) in
        for dropout in own { try edit.setRate(rate, of: dropout.output) }
      }
    }
    for change in changes.sites { try set(change, own) }
  }

  /// Elements at a Dropout node are its rate; anything else sits on an edge beside it.
  private mutating func set(
    _ change: TrainingChanges.SiteChange, _ own: [WrittenDropout]
  ) throws {
    let there = own.first { $0.node == change.site || $0.result == change.site }
    guard let rate = change.rate ?? there?.rate else {
      throw GraphError("kind \(change.site): expected rate \(change.site) beside it, found none")
    }
    let placed = PlacedDropout(
      site: change.site, kind: change.kind ?? "element", rate: rate, scaling: change.scaling,
      kinds: change.kinds)
    let dropout = try placed.dropout
    if let there {
      let isPlain = placed.kind == "element" && placed.scaling == .inverted
      graph = try graph.edited { edit throws(GraphError) in
        try edit.setRate(isPlain ? rate : Rate(clamping: 0), of: there.output)
      }
      if !isPlain {
        placements.append(Placement(site: there.result, dropout: dropout, seed: seed))
      }
      return
    }
    let site = try graph.site(named: change.site)
    guard !placements.contains(where: { $0.site == site }) else {
      throw GraphError("two dropouts at \(change.site)")
    }
    if rate.p > 0 { placements.append(Placement(site: site, dropout: dropout, seed: seed)) }
  }

  /// How many units a layer has as it is described, divided by the share of them that is kept: of the
  /// dropouts on the way to the next layer with weights.
  private func unitsOverKeep(_ layer: String) throws(GraphError) -> Int {
    let network = Network(graph)
    guard let index = graph.nodes.firstIndex(where: { $0.name == layer }),
      index < graph.nodes.count,
      case .float32(let weights)? = graph.constants["\(layer).weight"]
    else {
      throw GraphError("width \(layer): expected a layer of \(name) with weights, found none")
    }
    let own = Dictionary(network.writtenDropouts.map { ($0.index, $0) }) { first, _ in first }
    var (keep, value, seen) = (1.0, graph.nodes[index].outputs[0], Set<Int>())
    while true {
      for placed in placements where placed.site == value { keep *= placed.dropout.rate.keep }
      guard let next = graph.readers(of: value).first, seen.insert(next).inserted,
        ![.convolution, .dense].contains(network.role(of: next)),
        let made = graph.nodes[next].outputs.first, !made.isEmpty
      else { break }
      if let rate = own[next]?.rate { keep *= rate.keep }
      value = made
    }
    let units = Double(weights.shape[0]) / keep
    guard units.isFinite, units <= Double(LayerChanges.mostUnits) else {
      throw GraphError(
        "width \(layer): expected n/p of at most \(LayerChanges.mostUnits), found "
          + "\(weights.shape[0])/\(keep)")
    }
    return Int(units.rounded())
  }
}
