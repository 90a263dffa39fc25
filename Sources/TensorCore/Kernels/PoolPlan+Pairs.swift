/// The pool that most networks have: windows of 2×2 that neither overlap nor reach beyond the input.
extension PoolPlan {
  /// Whether this is one.
  var isPairs: Bool { rows.isPairs && columns.isPairs }

  /// `spreadToWinners`, eight windows at a time and without branches.
  func spreadToPairs(_ g: Source, x: Source, y: Source, into out: Destination) {
    let (width, count) = (columns.size, columns.outputs)
    for i in 0..<rows.outputs {
      let (upper, lower) = (x + 2 * i * width, x + (2 * i + 1) * width)
      let (above, below) = (out + 2 * i * width, out + (2 * i + 1) * width)
      let (g, y) = (g + i * count, y + i * count)
      let whole = count & ~7
      for j in stride(from: 0, to: whole, by: 8) {
        let cells = (PoolPlan.sixteen(upper + 2 * j), PoolPlan.sixteen(lower + 2 * j))
        let (largest, gradient) = (PoolPlan.eight(y + j), PoolPlan.eight(g + j))
        let first = PoolPlan.wins(cells.0.evenHalf, largest)
        let second = PoolPlan.wins(cells.0.oddHalf, largest) .& .!first
        let third = PoolPlan.wins(cells.1.evenHalf, largest) .& .!(first .| second)
        let fourth = .!(first .| second .| third)
        PoolPlan.store(gradient, where: first, second, to: above + 2 * j)
        PoolPlan.store(gradient, where: third, fourth, to: below + 2 * j)
      }
      for j in whole..<count {
        let cells = (upper[2 * j], upper[2 * j + 1], lower[2 * j])
        func wins(_ cell: Float) -> Bool { cell == y[j] || cell.isNaN }
        if wins(cells.0) {
          above[2 * j] = g[j]
        } else if wins(cells.1) {
          above[2 * j + 1] = g[j]
        } else if wins(cells.2) {
          below[2 * j] = g[j]
        } else {
          below[2 * j + 1] = g[j]
        }
      }
    }
  }

  private typealias Lanes = SIMDMask<SIMD8<Int32>>

  @inline(__always)
  private static func wins(_ cells: SIMD8<Float>, _ largest: SIMD8<Float>) -> Lanes {
    (cells .== largest) .| (cells .!= cells)
  }

  @inline(__always)
  private static func eight(_ source: Source) -> SIMD8<Float> {
    UnsafeRawPointer(source).loadUnaligned(as: SIMD8<Float>.self)
  }

  @inline(__always)
  private static func sixteen(_ source: Source) -> SIMD16<Float> {
    UnsafeRawPointer(source).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// Writes the gradients of eight windows to their left and right cells, 0 where another one won.
  @inline(__always)
  private static func store(
    _ gradient: SIMD8<Float>, where left: Lanes, _ right: Lanes, to out: Destination
  ) {
    var cells = SIMD16<Float>.zero
    cells.evenHalf = SIMD8.zero.replacing(with: gradient, where: left)
    cells.oddHalf = SIMD8.zero.replacing(with: gradient, where: right)
    UnsafeMutableRawPointer(out).storeBytes(of: cells, as: SIMD16<Float>.self)
  }
}

extension PoolAxis {
  fileprivate var isPairs: Bool {
    kernel == 2 && stride == 2 && dilation == 1 && before == 0 && 2 * outputs <= size
  }
}
