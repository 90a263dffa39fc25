/// The pool that most networks have: windows of 2×2 that neither overlap nor reach beyond the input.
extension PoolPlan {
  /// Whether this is one.
  var isPairs: Bool { rows.isPairs && columns.isPairs }

  /// The largest of each window of a map.
  func largestOfPairs(_ map: Source, into out: Target) {
    let width = columns.size
    for i in 0..<rows.outputs {
      let (upper, lower) = (map + 2 * i * width, map + (2 * i + 1) * width)
      let target = out + i * columns.outputs
      for j in 0..<columns.outputs {
        let left = Reduction.larger(upper[2 * j], lower[2 * j])
        let right = Reduction.larger(upper[2 * j + 1], lower[2 * j + 1])
        target[j] = Reduction.larger(left, right)
      }
    }
  }

  /// `spreadToWinners`, in a loop without branches.
  func spreadToPairs(_ g: Source, x: Source, y: Source, into out: Target) {
    let width = columns.size
    for i in 0..<rows.outputs {
      let (upper, lower) = (x + 2 * i * width, x + (2 * i + 1) * width)
      let (above, below) = (out + 2 * i * width, out + (2 * i + 1) * width)
      let (g, y) = (g + i * columns.outputs, y + i * columns.outputs)
      for j in 0..<columns.outputs {
        // Of cells that are what the window became, the first; all others get 0.
        let (whole, largest) = (g[j], y[j])
        let first = Self.wins(upper[2 * j], largest) ? whole : 0
        let isTaken = Self.wins(upper[2 * j], largest)
        let second = !isTaken && Self.wins(upper[2 * j + 1], largest)
        let third = !isTaken && !second && Self.wins(lower[2 * j], largest)
        let fourth = !isTaken && !second && !third
        above[2 * j] = first
        above[2 * j + 1] = second ? whole : 0
        below[2 * j] = third ? whole : 0
        below[2 * j + 1] = fourth ? whole : 0
      }
    }
  }

  @inline(__always)
  private static func wins(_ cell: Float, _ largest: Float) -> Bool {
    cell == largest || cell != cell
  }
}

extension PoolAxis {
  fileprivate var isPairs: Bool {
    kernel == 2 && stride == 2 && dilation == 1 && before == 0 && 2 * outputs <= size
  }
}
