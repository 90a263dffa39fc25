import Masks
import NeuralNet
import TensorCore

/// An activation of a sequence, looked at as times × features: where its first sample's cells lie.
struct SequenceMap: Equatable {
  let times: Int
  let features: Int
  private let stepTime: Int
  private let stepFeature: Int

  /// Nil for an activation that has no axis of times or tokens beside one of features.
  init?(_ layout: Layout) {
    guard let time = layout.index(of: .time) ?? layout.index(of: .token),
      let feature = layout.index(of: .feature) ?? layout.index(of: .channel), layout.count > 0
    else { return nil }
    func step(_ axis: Int) -> Int { layout.shape.dims[(axis + 1)...].reduce(1, *) }
    (times, features) = (layout.shape[time], layout.shape[feature])
    (stepTime, stepFeature) = (step(time), step(feature))
  }

  /// The row-major offset of a feature at a time.
  func offset(time: Int, feature: Int) -> Int { time * stepTime + feature * stepFeature }
}

/// What attention looks at: a row for each word written, a column for each that is read.
struct AttentionMatrix {
  /// The share of each word read, row by row.
  let rows: [[Float]]
  /// Whether each of them is kept by the mask at its site; all true where none acts.
  let kept: [[Bool]]

  /// The attention of a run. Of an unrolled decoder each step has probabilities of its own, `[1,S]`, which
  /// are rows of one matrix; of a layer that reads all times at once they are one, `[1,…,T,S]`, with a
  /// head chosen by `head`.
  init?(_ network: Network, _ run: (String) -> Tensor?, masks: [String: Mask], head: Int) {
    let sites = network.sites(for: .attention).filter { run($0) != nil }
    guard let first = sites.first, let one = run(first) else { return nil }
    if one.shape.rank >= 3, one.shape[one.shape.rank - 2] > 1 {
      let (targets, sources) = (one.shape[one.shape.rank - 2], one.shape[one.shape.rank - 1])
      let heads = max(1, one.count / max(1, targets * sources * one.shape[0]))
      let start = min(head, heads - 1) * targets * sources
      let ranges = (0..<targets).map { start + $0 * sources..<start + ($0 + 1) * sources }
      rows = ranges.map { Array(one.elements[$0]) }
      kept = ranges.map { range in range.map { masks[first]?.kept[$0] ?? true } }
    } else {
      let sources = one.shape.dims.last ?? 0
      let own = sites.compactMap { site in run(site).map { (site, $0) } }
        .filter { $0.1.shape.dims.last == sources }
      rows = own.map { Array($0.1.elements.prefix(sources)) }
      kept = own.map { site, _ in (0..<sources).map { masks[site]?.kept[$0] ?? true } }
    }
    guard rows.contains(where: { !$0.isEmpty }) else { return nil }
  }

  /// The column of the largest share in a row.
  func largest(_ row: Int) -> Int {
    rows[row].indices.max { rows[row][$0] < rows[row][$1] } ?? 0
  }

  /// How many rows look most at a word that tells what they write, of those where that is known.
  func right(_ told: [Set<Int>?]) -> (right: Int, of: Int) {
    let judged = told.indices.filter { told[$0] != nil && rows.indices.contains($0) }
    return (judged.count { told[$0]?.contains(largest($0)) ?? false }, judged.count)
  }
}
