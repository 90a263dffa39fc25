import TensorCore

/// Round brackets, balanced (class 1) or not (class 0), each as often: what a network tells apart only if
/// it remembers how many are open. An unbalanced one is a balanced one of which two brackets changed places,
/// so that counting is not enough. Sequence `index` depends on the seed and the index alone.
///
/// 4 to 12 pairs, with nothing before them where there are fewer.
public struct BracketSequences: Dataset {
  /// The words by their tokens.
  public static let words = ["", "(", ")"]
  /// Tokens of a sequence.
  public static let length = 24

  public let count: Int
  public var unit: String { "sequences" }
  private let stream: RandomStream

  /// So many sequences from a seed.
  public init(count: Int, seed: UInt64) {
    precondition(count >= 0, "\(count) sequences")
    self.count = count
    stream = RandomStream(seed: seed, site: RandomStream.site(named: "brackets"))
  }

  /// Tokens `[N,24]` and classes.
  public func batch(_ indices: [Int]) -> Batch {
    let rows = indices.flatMap { tokens($0) }
    return Batch(
      [.int64(NDArray([indices.count, BracketSequences.length], rows))],
      .labels(indices.map { $0 % 2 }))
  }

  /// The tokens of a sequence.
  func tokens(_ index: Int) -> [Int64] {
    let own = stream.ofSample(index)
    var number = -1
    func below(_ limit: Int) -> Int {
      number += 1
      // Unevenness of limit / 2³² does not matter here.
      return Int((UInt64(own.word(at: number)) * UInt64(limit)) >> 32)
    }
    let pairs = 4 + below(9)
    var brackets = (0..<2 * pairs).reduce(into: (row: [Int64](), open: 0)) { made, at in
      let left = 2 * pairs - at
      let opens = made.open == 0 || (made.open < left && below(2) == 0)
      made.row.append(opens ? 1 : 2)
      made.open += opens ? 1 : -1
    }.row
    if index % 2 == 0 {
      // One that opens, one that closes: where it is still balanced another pair is tried.
      let balanced = brackets
      repeat {
        brackets = balanced
        let (a, b) = (below(brackets.count), below(brackets.count))
        brackets.swapAt(a, b)
      } while BracketSequences.isBalanced(brackets)
    }
    return Array(repeating: 0, count: BracketSequences.length - brackets.count) + brackets
  }

  /// Whether every bracket that opens is closed by a later one.
  static func isBalanced(_ tokens: [Int64]) -> Bool {
    var open = 0
    for token in tokens where token > 0 {
      open += token == 1 ? 1 : -1
      if open < 0 { return false }
    }
    return open == 0
  }
}
