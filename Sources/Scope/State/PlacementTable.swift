public import Insight
public import Studies

/// The placement table: every site that a dropout was walked to, measured there by itself over many
/// masks. Rows stay.
public struct PlacementTable: Sendable {
  /// The rows, in the order in which they were visited.
  public internal(set) var entries: [Entry] = []
  /// The column they are sorted by; nil for the order in which they were visited.
  public internal(set) var column: Int?
  /// Whether the largest comes first.
  public internal(set) var isReversed = false

  /// One site with what is measured there.
  public struct Entry: Sendable {
    /// Where the dropout sits and what it is.
    public let placed: PlacedDropout
    /// Where its numbers come from.
    public let seed: UInt64
    /// The measuring.
    public internal(set) var work: Work

    /// What was measured so far; nil before the first masks.
    public var row: PlacementRow? { work.sum as? PlacementRow }
  }

  /// The rows as they are shown. Those without the number they are sorted by come last.
  public var sorted: [Entry] {
    guard let column else { return isReversed ? entries.reversed() : entries }
    let value = PlacementColumns.columns[column].value
    let keyed = entries.enumerated().map { ($0, $1, $1.row.flatMap(value)) }
    return keyed.sorted { a, b in
      switch (a.2, b.2) {
      case (let x?, let y?) where x != y: (x < y) != isReversed
      case (_?, nil): true
      case (nil, _?): false
      default: a.0 < b.0
      }
    }.map(\.1)
  }

  /// Sorts by so many columns on; before the first and behind the last lies the order of visits.
  mutating func sort(by step: Int) {
    let count = PlacementColumns.columns.count + 1
    let next = (((column.map { $0 + 1 } ?? 0) + step) % count + count) % count
    column = next == 0 ? nil : next - 1
  }

  mutating func receive(_ work: Work) {
    if let index = entries.firstIndex(where: { $0.work.id == work.id }) {
      entries[index].work = work
    }
  }
}

extension State {
  /// Puts the selected dropout on the table, where it is not there already.
  mutating func visit() {
    let (experiment, seed) = (experiment, setting.seed)
    let placed = setting.dropout(at: experiment.site(of: setting))
    guard setting.isPlaced,
      !placementTable.entries.contains(where: {
        $0.placed == placed && $0.seed == seed && $0.work.goal == masks
      })
    else { return }
    let work = Work(
      Job(.placement(placed, seed: seed), masks: masks), on: experiment, id: nextWorkID())
    placementTable.entries.append(PlacementTable.Entry(placed: placed, seed: seed, work: work))
  }
}
