import Masks
import TensorCore
import Testing

@testable import Insight

/// Dropout before and after a pool.
@Suite struct PoolOrderTests {
  private let x = Tensor([1, 6, 12, 12]) { cells in
    let stream = RandomStream(seed: 5)
    // Some cells are zero, as after ReLU.
    for i in cells.indices { cells[i] = max(0, Float(stream.word(at: i) % 4001) / 1000 - 1) }
  }

  private static let windows: [Pooling] = [
    PoolOrder.usual, Pooling(window: Window(kernel: Window.Pair(3, 2))),
    Pooling(
      window: Window(
        kernel: Window.Pair(3, 3), stride: Window.Pair(2, 2), padBefore: Window.Pair(1, 1),
        padAfter: Window.Pair(1, 1))),
  ]

  private func order(
    _ kind: any DropoutKind, _ p: Double, _ pooling: Pooling, _ scaling: Scaling = .inverted
  ) throws -> PoolOrder {
    try PoolOrder(
      x, layout: .channelsFirst(x.shape),
      dropout: Dropout(kind, rate: try Rate(p), scaling: scaling),
      stream: RandomStream(seed: 11), pooling: pooling)
  }

  @Test(arguments: [0, 1, 2], [0.1, 0.25, 0.5, 0.75, 0.9])
  func spatialCommutes(window: Int, p: Double) throws {
    for kind in [SpatialDropout() as any DropoutKind, PathDropout()] {
      let order = try order(kind, p, Self.windows[window])
      // A maximum of scaled cells is the scaled maximum, to the last bit.
      #expect(order.pools[0].largestDifference == 0)
      // So is a mean where the scale is a power of 2; else each term is rounded once.
      let isExact = p == 0.5 || p == 0.75
      #expect(order.pools[1].largestDifference <= (isExact ? 0 : 8 * Float(30).ulp))
      let unscaled = try self.order(kind, p, Self.windows[window], .none)
      #expect(unscaled.pools.allSatisfy { $0.largestDifference == 0 })
    }
  }

  @Test(arguments: [0, 1, 2]) func elementsDoNot(window: Int) throws {
    let order = try order(ElementDropout(), 0.5, Self.windows[window])
    for pool in order.pools { #expect(pool.largestDifference > 0.5, "\(pool.name)") }
  }

  /// E[max of what is left] by the order of the cells: the k-th largest wins where it is kept and all
  /// larger ones are not.
  @Test(arguments: [0.25, 0.5, 0.75]) func aMaximumOfScaledCellsIsInflated(p: Double) throws {
    let expected = x.withElements { x -> Double in
      var (with, without) = (0.0, 0.0)
      for map in 0..<6 {
        for y in stride(from: 0, to: 12, by: 2) {
          for column in stride(from: 0, to: 12, by: 2) {
            let at = map * 144 + y * 12 + column
            let cells = [x[at], x[at + 1], x[at + 12], x[at + 13]].sorted(by: >)
            var alive = 1.0
            for cell in cells {
              with += alive * (1 - p) * Double(cell) / (1 - p)
              alive *= p
            }
            without += Double(cells[0])
          }
        }
      }
      return with / without
    }
    var sum = 0.0
    let runs = 400
    for seed in 0..<runs {
      let order = try PoolOrder(
        x, layout: .channelsFirst(x.shape),
        dropout: Dropout(ElementDropout(), rate: try Rate(p)),
        stream: RandomStream(seed: UInt64(seed)), pooling: PoolOrder.usual)
      sum += try #require(order.pools[0].inflation)
    }
    // 216 windows × 400 masks: the spread of the mean is below .005 at p = .75.
    #expect(abs(sum / Double(runs) - expected) < 0.02, "\(sum / Double(runs)) and \(expected)")
    #expect(expected > 1.1)
  }

  @Test func kindsThatActElsewhereAreRefused() throws {
    for kind in [WeightDropout(.perBatch) as any DropoutKind, MaxPoolDropout(), CutoutDropout()] {
      let error = #expect(throws: TensorError.self) {
        try self.order(kind, 0.5, PoolOrder.usual)
      }
      #expect(error?.description.contains("acts on activations") == true)
    }
    #expect(throws: TensorError.self) {
      try self.order(
        ElementDropout(), 0.5, Pooling(window: Window(kernel: Window.Pair(13, 13))))
    }
  }

  @Test func theSameInfinityIsNoDifference() throws {
    let x = Tensor([1, 1, 2, 2], [.infinity, 1, 1, 1])
    let order = try PoolOrder(
      x, layout: .channelsFirst(x.shape),
      dropout: Dropout(SpatialDropout(), rate: try Rate(0.5)), stream: RandomStream(seed: 1),
      pooling: PoolOrder.usual)
    #expect(order.pools.allSatisfy { $0.largestDifference == 0 })
    #expect(order.pools.allSatisfy { $0.inflation == nil })
  }
}
