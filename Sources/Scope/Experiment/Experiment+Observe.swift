import Insight
import Masks
public import NeuralNet
import TensorCore

extension Experiment {
  /// The value a setting's dropout acts on: the one pinned, the layer shown or, for a kind that acts on
  /// the input, the network's input.
  public func site(of setting: Setting) -> String {
    if let pinned = setting.pinnedSite { return pinned }
    let target = (try? KindRegistry.make(setting.kind, setting.kinds))?.target
    return target == .input
      ? subject.network.graph.inputs.first?.name ?? setting.layer : setting.layer
  }

  /// Everything a setting leads to.
  /// - Throws: `GraphError` where the kind cannot act at the site; the message says what would fit.
  public func observe(_ setting: Setting) throws(GraphError) -> Observation {
    let site = site(of: setting)
    guard let layer = clean.tensor(setting.layer), let value = clean.tensor(site) else {
      throw GraphError("no layer \(setting.layer) or no site \(site)")
    }
    do {
      return try observe(setting, layer: layer, site: site, value: value)
    } catch let error as GraphError {
      throw error
    } catch {
      let name = layers.first { $0.value == site }?.name ?? site
      throw GraphError("\(setting.kind) dropout at \(name): \(error)")
    }
  }

  private func observe(
    _ setting: Setting, layer: Tensor, site: String, value: Tensor
  ) throws -> Observation {
    let kind = try KindRegistry.make(setting.kind, setting.kinds)
    let dropout = Dropout(kind, rate: setting.rate, scaling: setting.scaling)
    var placement = Placement(site: site, dropout: dropout, seed: setting.seed)
    let ruled = try setting.rule.map {
      try answer(of: $0, setting, at: value, kind: kind, stream: placement.stream)
    }
    placement.answer = ruled.map { ($0.output, $0.mask) }
    let run = try subject.network.run(
      from: clean, wanted: [setting.layer, site] + outputs + pools(after: site),
      placements: [placement], context: RunContext(mode: setting.mode))

    // What dropout acts on: the site's value, or the weights of the node that makes it.
    let target =
      kind.target == .weights ? subject.network.weights(ofNodeMaking: site) ?? value : value
    let layout =
      try (kind as? WeightDropout)?.layout(ofWeights: target.shape, samples: 1)
      ?? NCHW(target.shape)
    let drawn = setting.mode == .eval ? nil : run.masks[site]
    let mask = drawn ?? Mask(layout: layout)
    // Weights and the cells of a pool are dropped inside a node: no value of the run holds them.
    let isInside = kind.target == .weights || kind.target == .pool
    let after =
      isInside ? dropout.apply(target, mask: mask, mode: setting.mode) : run.tensor(site) ?? target
    let actsHere = site == setting.layer && kind.target != .weights
    return Observation(
      clean: layer, layout: try NCHW(layer.shape), cleanSite: target, siteLayout: layout,
      field: Field(units: try kind.units(of: layout), stream: placement.stream), mask: mask,
      dropped: actsHere ? after : run.tensor(setting.layer) ?? layer,
      output: outputs.first.flatMap { run.tensor($0) },
      cleanOutput: outputs.first.flatMap { clean.tensor($0) },
      transfer: ruled.map { Transfer(scale: $0.scale.first ?? 1) }
        ?? dropout.transfers(mask: mask, mode: setting.mode)[0],
      law: try kind.realisedLaw(rate: setting.rate, layout: layout),
      kind: kind.settings(rate: setting.rate, layout: layout), rule: setting.rule,
      actsHere: actsHere,
      meters: Meters(
        clean: target, dropped: after, mask: mask, rate: setting.rate, scaling: setting.scaling,
        mode: setting.mode, pooled: pooled(after: site, in: run)))
  }

  /// What another library makes of the site's value.
  private func answer(
    of rule: String, _ setting: Setting, at value: Tensor, kind: any DropoutKind,
    stream: RandomStream
  ) throws -> RuleResult {
    let request = try RuleRequest(
      x: value, kind: kind,
      field: Field(units: try kind.units(of: NCHW(value.shape)), stream: stream),
      rate: setting.rate.p, mode: setting.mode)
    return try RuleRegistry.make(rule).apply(request)
  }

  /// The result of the max-pool that reads a value, if there is one and it could be computed.
  private func pools(after value: String) -> [String] {
    guard let pool = subject.network.poolResult(reading: value), clean.tensor(pool) != nil else {
      return []
    }
    return [pool]
  }

  private func pooled(
    after value: String, in run: Activations
  ) -> (clean: Tensor, dropped: Tensor)? {
    guard let pool = pools(after: value).first, let before = clean.tensor(pool),
      let after = run.tensor(pool)
    else { return nil }
    return (before, after)
  }

  /// The network's outputs that could be computed.
  private var outputs: [String] {
    subject.network.graph.outputs.filter { clean.tensor($0) != nil }
  }
}
