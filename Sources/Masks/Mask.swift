public import TensorCore

/// Which cells of an activation are kept: a value that is returned, shown, exported and stored for
/// the backward pass.
public struct Mask: Equatable, Sendable {
  /// The activation's layout.
  public let layout: NCHW
  /// True where the cell is kept, `[N,C,H,W]`.
  public let kept: NDArray<Bool>
  /// What each kept cell is multiplied by before the kind's scale, `[N,C,H,W]`; nil where nothing
  /// is, which is so for every kind but `gaussian`.
  public let noise: Tensor?

  /// A mask of given decisions, and factors if there are any, in the shape of `layout`.
  public init(layout: NCHW, kept: NDArray<Bool>, noise: Tensor? = nil) {
    precondition(kept.shape == layout.shape, "mask of \(layout) with \(kept.shape)")
    precondition(noise == nil || noise?.shape == layout.shape, "noise in another shape")
    (self.layout, self.kept, self.noise) = (layout, kept, noise)
  }

  /// A mask that keeps everything, or drops everything.
  public init(layout: NCHW, allKept: Bool = true) {
    self.init(layout: layout, kept: NDArray(layout.shape, repeating: allKept))
  }

  /// The mask as numbers: 1 kept, 0 dropped, `[N,C,H,W]`.
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
    return dropped(in: start..<start + layout.area)
  }

  /// The number of dropped cells of one sample, counted.
  public func dropped(n: Int) -> Int {
    let each = layout.c * layout.area
    return dropped(in: n * each..<(n + 1) * each)
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
