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

  /// Calls `body` for each run with its row-major position and its first offset in either operand.
  @inlinable
  public func forEachRun(_ body: (_ position: Int, _ a: Int, _ b: Int) -> Void) {
    guard count > 0 else { return }
    var index = [Int](repeating: 0, count: outer.count)
    var (a, b) = (0, 0)
    for position in stride(from: 0, to: count, by: run) {
      body(position, a, b)
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        a += outer[axis].a
        b += outer[axis].b
        if index[axis] < outer[axis].size { break }
        a -= index[axis] * outer[axis].a
        b -= index[axis] * outer[axis].b
        index[axis] = 0
        axis -= 1
      }
    }
  }
}
