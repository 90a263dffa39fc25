public import Insight
import Masks
import NeuralNet
import TensorCore

/// The placement ladder: every site that a dropout was walked to, measured there by itself over many
/// masks. Rungs stay.
public struct Ladder: Sendable {
  /// The rungs, in the order in which they were visited.
  public internal(set) var rungs: [Rung] = []
  /// The column they are sorted by; nil for the order in which they were visited.
  public internal(set) var column: Int?
  /// Whether the largest comes first.
  public internal(set) var isReversed = false

  /// One site with what is measured there.
  public struct Rung: Sendable {
    /// Where the dropout sits and what it is.
    public let placed: PlacedDropout
    /// Where its numbers come from.
    public let seed: UInt64
    /// The measuring.
    public internal(set) var work: Work

    /// What was measured so far; nil before the first masks.
    public var row: LadderRow? { work.sum as? LadderRow }
  }

  /// The rungs as they are shown.
  public var sorted: [Rung] { rungs }

  /// Sorts by so many columns on; before the first and behind the last lies the order of visits.
  mutating func sort(by step: Int) {}

  mutating func receive(_ work: Work) {
    if let index = rungs.firstIndex(where: { $0.work.id == work.id }) { rungs[index].work = work }
  }
}

extension State {
  /// Puts the dropout in hand on the ladder, where it is not there already.
  mutating func visit() {
    let (experiment, seed) = (experiment, setting.seed)
    let placed = setting.dropout(at: experiment.site(of: setting))
    guard setting.isPlaced,
      !ladder.rungs.contains(where: {
        $0.placed == placed && $0.seed == seed && $0.work.goal == masks
      })
    else { return }
    let work = Work(id: nextWorkID(), goal: masks) {
      let (network, clean) = (experiment.subject.network, experiment.clean)
      let site =
        network.sensibleSites.first { $0.value == placed.site }
        ?? Network.Site(
          value: placed.site, name: experiment.name(of: placed.site), places: [])
      let empty = try LadderRow(network, site: site, dropout: try placed.dropout, clean: clean)
      return Work.Start(
        runs: MonteCarlo(
          network, clean: clean, placements: [try Placement(placed, seed: seed)],
          wanted: empty.wanted.filter { clean.tensor($0) != nil },
          context: RunContext(mode: .train, stream: RandomStream(seed: seed))),
        empty: empty)
    }
    ladder.rungs.append(Ladder.Rung(placed: placed, seed: seed, work: work))
  }
}
