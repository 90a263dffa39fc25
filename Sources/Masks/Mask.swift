public import TensorCore

/// Which cells of an activation are kept: a value that is returned, shown, exported and stored for
/// the backward pass.
public struct Mask: Equatable, Sendable {
  /// The activation's layout.
  public let layout: Layout
  /// True where the cell is kept, in the activation's own shape.
  public let kept: NDArray<Bool>
  /// What each kept cell is multiplied by before the kind's scale, in the same shape; nil where
  /// nothing is, which is so for every kind but `gaussian`.
  public let noise: Tensor?

  /// A mask of given decisions, and factors if there are any, in the shape of `layout`.
  public init(layout: Layout, kept: NDArray<Bool>, noise: Tensor? = nil) {
    precondition(kept.shape == layout.shape, "mask of \(layout) with \(kept.shape)")
    precondition(noise == nil || noise?.shape == layout.shape, "noise in another shape")
    (self.layout, self.kept, self.noise) = (layout, kept, noise)
  }

  /// A mask that keeps everything, or drops everything.
  public init(layout: Layout, allKept: Bool = true) {
    self.init(layout: layout, kept: NDArray(layout.shape, repeating: allKept))
  }

  /// The mask as numbers: 1 kept, 0 dropped, in the activation's own shape.
  public var numbers: Tensor { kept.map { $0 ? 1 : 0 } }

  /// Whether one cell is kept.
  public func isKept(n: Int = 0, c: Int, y: Int, x: Int) -> Bool {
    kept[layout.offset(n: n, c: c, y: y, x: x)]
  }

  /// The number of dropped cells, counted.
  public var dropped: Int { dropped(in: 0..<layout.count) }

  /// The number of dropped cells of one map, counted.
  public func dropped(n: Int = 0, c: Int) -> Int {
    let start = layout.offset(n: n, c: c, y: 0, x: 0)
    if layout.isPlanar { return dropped(in: start..<start + layout.area) }
    let steps = layout.steps
    return kept.withElements { kept in
      var dead = 0
      for y in 0..<layout.h {
        for x in 0..<layout.w where !kept[start + y * steps.y + x * steps.x] { dead += 1 }
      }
      return dead
    }
  }

  /// The number of dropped cells of one sample, counted.
  public func dropped(n: Int) -> Int {
    let runs = layout.sampleRuns
    return (0..<runs.count).reduce(0) { dead, run in
      let start = (run * layout.n + n) * runs.length
      return dead + dropped(in: start..<start + runs.length)
    }
  }

  /// Counts eight cells at a time: a Bool is a byte of 0 or 1.
  private func dropped(in cells: Range<Int>) -> Int {
    kept.withElements { kept in
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(kept)[cells])
      let whole = bytes.count & ~7
      var alive = 0
      for i in stride(from: 0, to: whole, by: 8) {
        alive += bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self).nonzeroBitCount
      }
      for i in whole..<bytes.count { alive += Int(bytes[i]) }
      return bytes.count - alive
    }
  }
}
