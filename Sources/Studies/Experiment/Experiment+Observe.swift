import Insight
import Masks
public import NeuralNet
import TensorCore

extension Experiment {
  /// Everything a setting leads to.
  /// - Parameter wantsAll: whether every layer with dropout is kept, for the downstream effect
  /// - Throws: `GraphError` where the kind cannot act at the site; the message says what would fit.
  public func observe(
    _ setting: Setting, wantsAll: Bool = false
  ) throws(GraphError) -> Observation {
    let site = site(of: setting)
    guard let layer = clean.tensor(setting.layer), let value = clean.tensor(site) else {
      throw GraphError("no layer \(setting.layer) or no site \(site)")
    }
    do {
      // The field, the mask, what is dropped and what the meters make of them.
      try MemoryBudget.reserve(
        layer.shape.bytes(of: 4) + value.shape.bytes(of: 24), in: "dropout",
        for: "\(name(of: site)) \(value.shape)")
      return try observe(setting, layer: layer, site: site, value: value, wantsAll: wantsAll)
    } catch let error as GraphError {
      throw error
    } catch let error as TensorError where error.exceedsBudget {
      throw GraphError(node: nil, error)
    } catch {
      throw GraphError("\(setting.kind) dropout at \(name(of: site)): \(error)")
    }
  }

  private func observe(
    _ setting: Setting, layer: Tensor, site: String, value: Tensor, wantsAll: Bool
  ) throws -> Observation {
    let kind = try KindRegistry.make(setting.kind, setting.kinds)
    // Dropout that sits nowhere drops nothing.
    let rate = setting.isPlaced ? setting.rate : Rate(clamping: 0)
    let dropout = Dropout(kind, rate: rate, scaling: setting.scaling)
    let stream = Placement(site: site, dropout: dropout, seed: setting.seed).stream
    var placements = try placements(of: setting)
    // A rule has its own units and fits its blocks in its own way: our kind is not asked before it.
    let rule = try setting.isPlaced ? setting.rule.map(RuleRegistry.make) : nil
    let ruled = try rule.map {
      try $0.apply(
        RuleRequest(
          to: $0, x: value, layout: self.layout(of: site, shape: value.shape), kind: kind,
          stream: stream, rate: setting.rate.p, mode: setting.mode))
    }
    guard ruled == nil || placements.count == 1 else {
      throw GraphError("a rule of another library takes one dropout, found \(placements.count)")
    }
    if let ruled { placements[0].answer = (ruled.output, ruled.mask) }
    let wanted =
      [setting.layer, site] + outputs + logits + pools(after: site)
      + (wantsAll ? layers.map(\.value) : [])
    let (network, run) = try run(setting, placements, wanted: wanted)

    // What dropout acts on: the site's value, or the parameters of the node that makes it.
    let target = subject.network.parameters(ofNodeMaking: site, for: kind.target) ?? value
    let layout =
      try (kind as? any ParameterDropout)?.layout(ofWeights: target.shape, samples: 1)
      ?? self.layout(of: site, shape: target.shape)
    let law = try rule?.drawnKind(for: kind, of: layout) ?? kind
    let scaling = rule?.scaling(kind: kind.name) ?? setting.scaling
    let drawn = setting.mode == .eval ? nil : run.masks[site]
    let mask = drawn?.named(as: layout) ?? Mask(layout: layout)
    // Parameters and the cells of a pool are dropped inside a node: no value of the run holds them.
    let isInside = kind.target.isParameter || kind.target == .pool
    let after =
      isInside ? dropout.apply(target, mask: mask, mode: setting.mode) : run.tensor(site) ?? target
    let actsHere = site == setting.layer && !kind.target.isParameter
    let (clean, sites) = (clean, placements.map(\.site))
    return Observation(
      clean: layer, layout: self.layout(of: setting.layer, shape: layer.shape), cleanSite: target,
      siteLayout: layout, drawn: law, stream: stream,
      field: try Field(
        law.units(of: layout), stream, turns: network.graph.inner(site)?.inner.turns ?? 0),
      mask: mask,
      dropped: actsHere ? after : run.tensor(setting.layer) ?? layer,
      output: outputs.first.flatMap { run.tensor($0) },
      cleanOutput: outputs.first.flatMap { clean.tensor($0) },
      transfer: ruled.map { Transfer(scale: $0.scale.first ?? 1) }
        ?? dropout.transfers(mask: mask, mode: setting.mode)[0],
      law: try law.realisedLaw(rate: rate, layout: layout),
      kind: law.settings(rate: rate, layout: layout),
      gamma: law.gamma(rate: rate, layout: layout), rule: setting.rule,
      actsHere: actsHere, run: run,
      cost: network.cost(of: run, in: signature),
      meters: Meters(
        clean: target, dropped: after, mask: mask, rate: rate, scaling: scaling,
        mode: setting.mode, pooled: pooled(after: site, in: run)),
      lazyDownstream: Lazy { DownstreamEffect(network, sites: sites, clean: clean, masked: run) },
      lazyPoolOrder: Lazy {
        Result { () throws(TensorError) in
          let maps = self.layout(of: site, shape: value.shape)
          guard maps.mapAxes == nil else {
            throw TensorError(
              "before or after the pool", expected: "maps of rows and columns",
              found: maps.axes.text)
          }
          return try PoolOrder(
            value, layout: maps, dropout: dropout, stream: stream,
            pooling: network.pooling(after: site, over: value.shape) ?? PoolOrder.usual)
        }
      })
  }

  /// Runs what lies below a setting's dropouts.
  private func run(
    _ setting: Setting, _ placements: [Placement], wanted: [String]
  ) throws -> (network: Network, run: Activations) {
    let context = context(of: setting, mode: setting.mode)
    func make() throws -> PlanMemory.Made {
      let network = try network(of: setting)
      return PlanMemory.Made(
        network: network,
        plan: try Plan(
          network, wanted: wanted, placements: placements, from: start(of: setting),
          context: context))
    }
    // The answer of another library's rule is part of the plan.
    guard setting.rule == nil else {
      let made = try make()
      return (made.network, try made.plan.run())
    }
    let (made, isOld) = try memory.recall(setting, wanted: wanted, make)
    let plan = isOld ? made.plan.replacing(placements, stream: context.stream) : made.plan
    return (made.network, try plan.run())
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

extension Mask {
  /// The same decisions over the axes of another layout of as many elements: those of a run may have
  /// fewer names.
  func named(as layout: Layout) -> Mask {
    guard self.layout != layout, kept.count == layout.count else { return self }
    return Mask(
      layout: layout, kept: NDArray(layout.shape, kept.elements),
      noise: noise.map { Tensor(layout.shape, $0.elements) })
  }
}

extension Field {
  /// The field of what lies over turns, its first axes, each of which draws by itself: unless all share it.
  fileprivate init(_ units: Layout, _ stream: RandomStream, turns: Int) {
    guard turns > 0, units.shape.dims.prefix(turns).contains(where: { $0 > 1 }) else {
      self.init(units: units, stream: stream)
      return
    }
    let (outer, inner) = (units.shape.dims.prefix(turns), units.shape.dims.dropFirst(turns))
    let one = Layout(Shape(Array(inner)), Array(units.axes.dropFirst(turns)))
    let fields = (0..<outer.reduce(1, *)).map { number -> Field in
      var (rest, places) = (number, [Int]())
      for size in outer.reversed() {
        places.append(rest % size)
        rest /= size
      }
      return Field(units: one, stream: places.reversed().reduce(stream) { $0.ofTurn($1) })
    }
    self.init(units: units, u: Tensor(units.shape, fields.flatMap(\.u.elements)))
  }
}
