/// A walk over a shape in row-major order along two operands that lie in memory with strides of their
/// own: what broadcasting, transposing and reducing have in common.
///
/// Dimensions that both operands pass through evenly are merged, so that equal shapes become a single
/// run, a scalar a run against one element, and a per-channel operand a run per channel.
public struct StridedWalk: Hashable, Sendable {
  /// Elements walked over in all.
  public let count: Int
  /// Elements of a run: the merged innermost dimension.
  public let run: Int
  /// Distance between neighbours of a run in the first operand.
  public let stepA: Int
  /// Distance between neighbours of a run in the second operand.
  public let stepB: Int
  @usableFromInline let outer: [Dimension]

  @usableFromInline
  struct Dimension: Hashable, Sendable {
    @usableFromInline var size: Int
    @usableFromInline var a: Int
    @usableFromInline var b: Int
  }

  /// A walk over `shape`; `a` and `b` are the operands' strides along each of its dimensions, 0
  /// where an operand stays where it is.
  public init(_ shape: Shape, a: [Int], b: [Int]) {
    precondition(a.count == shape.rank && b.count == shape.rank, "strides for \(shape)")
    var merged: [Dimension] = []
    for (size, (a, b)) in zip(shape.dims, zip(a, b)) where size != 1 {
      if let last = merged.last, last.a == a * size, last.b == b * size {
        merged[merged.count - 1] = Dimension(size: last.size * size, a: a, b: b)
      } else {
        merged.append(Dimension(size: size, a: a, b: b))
      }
    }
    let inner = merged.popLast() ?? Dimension(size: 1, a: 1, b: 1)
    count = shape.count
    (run, stepA, stepB) = (inner.size, inner.a, inner.b)
    outer = merged
  }

  /// The runs in row-major order. An iterator, not a closure, so that loops over them stay visible to
  /// the optimiser as a whole.
  @inlinable public var runs: Runs { Runs(self) }

  /// Calls `body` with the parts of runs that lie in a range of positions, and how long they are; so
  /// that a walk can be shared out.
  @inline(__always)
  func forEachRun(in range: Range<Int>, _ body: (Runs.Stretch, Int) -> Void) {
    guard !range.isEmpty else { return }
    var runs = Runs(self)
    runs.skip(range.lowerBound / run)
    while let whole = runs.next(), whole.position < range.upperBound {
      let skipped = max(0, range.lowerBound - whole.position)
      var part = whole
      part.position += skipped
      part.a += skipped * stepA
      part.b += skipped * stepB
      body(part, min(run - skipped, range.upperBound - part.position))
    }
  }

  /// The runs of a walk.
  public struct Runs: Sequence, IteratorProtocol {
    @usableFromInline let walk: StridedWalk
    @usableFromInline var index: [Int]
    @usableFromInline var upcoming: Stretch

    /// One run: its row-major position and its first offset in either operand.
    public struct Stretch {
      /// The run's first element in row-major order.
      public var position: Int
      /// Its first offset in the first operand.
      public var a: Int
      /// Its first offset in the second operand.
      public var b: Int

      @usableFromInline
      init(position: Int, a: Int, b: Int) { (self.position, self.a, self.b) = (position, a, b) }
    }

    @usableFromInline
    init(_ walk: StridedWalk) {
      self.walk = walk
      index = [Int](repeating: 0, count: walk.outer.count)
      upcoming = Stretch(position: 0, a: 0, b: 0)
    }

    mutating func skip(_ count: Int) {
      upcoming.position += count * walk.run
      var rest = count
      for axis in walk.outer.indices.reversed() {
        let dimension = walk.outer[axis]
        let (next, at) = rest.quotientAndRemainder(dividingBy: Swift.max(1, dimension.size))
        (rest, index[axis]) = (next, at)
        upcoming.a += at * dimension.a
        upcoming.b += at * dimension.b
      }
    }

    public mutating func next() -> Stretch? {
      guard upcoming.position < walk.count else { return nil }
      let run = upcoming
      upcoming.position += walk.run
      var axis = walk.outer.count - 1
      while axis >= 0 {
        let dimension = walk.outer[axis]
        index[axis] += 1
        upcoming.a += dimension.a
        upcoming.b += dimension.b
        if index[axis] < dimension.size { break }
        upcoming.a -= dimension.size * dimension.a
        upcoming.b -= dimension.size * dimension.b
        index[axis] = 0
        axis -= 1
      }
      return run
    }
  }
}
