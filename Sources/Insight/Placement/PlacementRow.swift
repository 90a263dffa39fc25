public import Masks
public import NeuralNet
import TensorCore

/// One row of the placement table: what a dropout at one site does, over many masks.
public struct PlacementRow: RunSum {
  /// Where it sits.
  public let site: Network.Site
  /// What sits there.
  public let dropout: Dropout
  /// Statistics of the next layer that is more than a reshape.
  public private(set) var next: MomentShift?
  /// Statistics of the logits.
  public private(set) var output: MomentShift?
  /// Maps of the site that are zero throughout because of the mask.
  public private(set) var deadMaps = Share(0, of: 0)
  /// What becomes of the pool that reads the site; nil where none does.
  public private(set) var pool: PoolDamage?
  /// Runs whose label is another than without dropout; nil where there are no classes.
  public private(set) var flips: Share?
  /// How many masks.
  public private(set) var count = 0
  private let network: Network
  private let clean: Activations
  private let label: Int?

  /// A row of no masks yet. What could not be computed without dropout is left out of it.
  /// - Parameter clean: the network's run without dropout
  /// - Throws: `GraphError` where the kind cannot act at the site.
  public init(
    _ network: Network, site: Network.Site, dropout: Dropout, clean: Activations
  ) throws(GraphError) {
    (self.network, self.site, self.dropout, self.clean) = (network, site, dropout, clean)
    let reader = network.nextLayer(after: site.value).map { network.graph.nodes[$0] }
    let (nextValue, logits) = (reader?.outputs.first, network.logits)
    let known = [nextValue, logits].compactMap { $0 }.filter { clean.tensor($0) != nil }
    let eval = try network.run(
      from: clean, wanted: [site.value] + known,
      placements: [Placement(site: site.value, dropout: dropout, seed: 0)],
      context: RunContext(mode: .eval))
    next = nextValue.flatMap { MomentShift($0, eval: eval) }
    output = logits.flatMap { MomentShift($0, eval: eval) }
    pool = network.pool(reading: site.value).flatMap { PoolDamage($0, clean: clean) }
    label = network.classification(clean)?.label
    flips = label.map { _ in Share(0, of: 0) }
  }

  /// The values a run must have to be added.
  public var wanted: [String] {
    [next?.value, output?.value, network.pool(reading: site.value)].compactMap { $0 }
  }

  public mutating func add(_ run: Activations) {
    count += 1
    next?.add(run)
    output?.add(run)
    if let mask = run.masks[site.value] {
      let scale = dropout.transfers(mask: mask, mode: .train)[0].scale
      pool?.add(run, scale: scale)
    }
    deadMaps = deadMaps + deadMaps(in: run)
    if let label, let classes = network.classification(run), let flips {
      self.flips = flips + Share(classes.label == label ? 0 : 1, of: 1)
    }
  }

  public mutating func add(_ other: PlacementRow) {
    count += other.count
    deadMaps = deadMaps + other.deadMaps
    if let own = other.next { next?.add(own) }
    if let own = other.output { output?.add(own) }
    if let own = other.pool { pool?.add(own) }
    if let flips, let own = other.flips { self.flips = flips + own }
  }

  private func deadMaps(in run: Activations) -> Share {
    guard let before = clean.tensor(site.value), let after = run.tensor(site.value),
      let layout = layout(of: before, in: run), layout.area > 0
    else { return Share(0, of: 0) }
    var dead = 0
    let maps = layout.n * layout.c
    layout.planar(before).withElements { x in
      layout.planar(after).withElements { y in
        for map in 0..<maps {
          let cells = map * layout.area..<(map + 1) * layout.area
          if y[cells].allSatisfy({ $0 == 0 }), x[cells].contains(where: { $0 != 0 }) { dead += 1 }
        }
      }
    }
    return Share(dead, of: maps)
  }

  /// The axes that the mask was drawn for; where it lies over weights, those of most models.
  private func layout(of value: Tensor, in run: Activations) -> Layout? {
    if !dropout.kind.target.isParameter, let mask = run.masks[site.value] { return mask.layout }
    return try? Layout.channelsFirst(value.shape)
  }
}
