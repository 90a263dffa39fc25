/// How the samples and maps of a layout lie in memory.
extension Layout {
  /// A sample's elements as runs of memory: the number of runs, and the elements of each. Run r of
  /// sample s starts at (r · n + s) · length; a sample that is one run has all its elements there.
  public var sampleRuns: (count: Int, length: Int) {
    guard let sampleAxis, n > 1 else { return (1, n == 0 ? 0 : count) }
    let before = shape.dims[..<sampleAxis].reduce(1, *)
    return (before, shape.dims[(sampleAxis + 1)...].reduce(1, *))
  }

  /// Whether the elements of each sample lie together, sample after sample.
  public var isSampleMajor: Bool { sampleRuns.count == 1 }

  /// The same maps as samples of channels of rows of columns, `[N,C,H,W]`.
  public var planar: Layout { Layout(n: n, c: c, h: h, w: w) }

  /// The elements of an array of this layout in the order of `planar`. Nothing is copied where they
  /// lie so already; O(count) otherwise.
  public func planar<Element: BitwiseCopyable & Sendable>(
    _ x: NDArray<Element>
  ) -> NDArray<Element> {
    precondition(x.count == count, "\(x.shape) as \(self)")
    if isPlanar { return NDArray(planar.shape, sharing: x) }
    return x.withElements { x in
      NDArray(planar.shape) { out in
        var at = 0
        forEachRow { start in
          for column in 0..<w { out[at + column] = x[start + column * steps.x] }
          at += w
        }
      }
    }
  }

  /// An array in the order of `planar` put back into this layout: what `planar(_:)` undoes.
  public func fromPlanar<Element: BitwiseCopyable & Sendable>(
    _ x: NDArray<Element>
  ) -> NDArray<Element> {
    precondition(x.count == count, "\(x.shape) as \(self)")
    if isPlanar { return NDArray(shape, sharing: x) }
    return x.withElements { x in
      NDArray(shape) { out in
        var at = 0
        forEachRow { start in
          for column in 0..<w { out[start + column * steps.x] = x[at + column] }
          at += w
        }
      }
    }
  }

  /// The offset of the first element of each row of each map of each sample, in this order.
  private func forEachRow(_ body: (Int) -> Void) {
    for n in 0..<n {
      for c in 0..<c {
        let start = offset(n: n, c: c, y: 0, x: 0)
        for y in 0..<h { body(start + y * steps.y) }
      }
    }
  }
}
