/// One axis of a map with blocks on it: which seeds there are, and which cells each one takes.
///
/// A seed at s takes the cells s − b/2 ..< s − b/2 + b (b/2 rounded down): around s for odd b, with
/// one cell more before it than behind it for even b, as in timm from 1.0.23 on.
struct BlockAxis: Equatable, Sendable {
  /// Cells along the axis.
  let size: Int
  /// Cells of a block along the axis, at most `size`.
  let block: Int
  /// The cells that may be seeds: those whose block fits, or all.
  let seeds: Range<Int>

  init(size: Int, block: Int, clipped: Bool) {
    (self.size, self.block) = (size, block)
    seeds = clipped ? 0..<size : block / 2..<block / 2 + size - block + 1
  }

  /// The cells of the map that the block of seed s takes.
  func cells(of s: Int) -> Range<Int> {
    let start = s - block / 2
    return max(0, start)..<min(size, start + block)
  }

  /// The seeds whose block takes cell y.
  func seeds(over y: Int) -> Range<Int> {
    let last = y + block / 2
    return max(seeds.lowerBound, last - block + 1)..<min(seeds.upperBound, last + 1)
  }

  /// How many seeds take each cell.
  var coverage: [Int] { (0..<size).map { seeds(over: $0).count } }

  /// Pairs of cells that have seeds in common, counted by (seeds over the one, over the other, over
  /// both). Each unordered pair is counted twice, a cell with itself once.
  var pairs: [PairCounts: Int] {
    var counted: [PairCounts: Int] = [:]
    for a in 0..<size {
      for b in max(0, a - block + 1)..<min(size, a + block) {
        let (first, second) = (seeds(over: a), seeds(over: b))
        let both = first.clamped(to: second).count
        guard both > 0 else { continue }
        let pair = PairCounts(first: first.count, second: second.count, both: both)
        counted[pair, default: 0] += 1
      }
    }
    return counted
  }

  /// How many seeds take the one cell, the other, and both.
  struct PairCounts: Hashable, Comparable {
    var (first, second, both): (Int, Int, Int)

    static func < (a: PairCounts, b: PairCounts) -> Bool {
      (a.first, a.second, a.both) < (b.first, b.second, b.both)
    }
  }
}
