/// Two arrays combined element by element under NumPy's rules: shapes are aligned at their last
/// dimension, and a size of 1 is repeated.
/// https://numpy.org/doc/stable/user/basics.broadcasting.html
public struct Broadcast: Hashable, Sendable {
  /// The shape of the result.
  public let shape: Shape
  @usableFromInline let walk: StridedWalk

  /// - Throws: `TensorError` where sizes differ and neither is 1.
  public init(_ a: Shape, _ b: Shape, in operation: String) throws(TensorError) {
    let rank = max(a.rank, b.rank)
    let (left, right) = (a.padded(toRank: rank), b.padded(toRank: rank))
    var dims: [Int] = []
    for (x, y) in zip(left, right) {
      guard x == y || x == 1 || y == 1 else {
        throw TensorError(operation, expected: "shapes that broadcast", found: "\(a) and \(b)")
      }
      dims.append(x == 1 ? y : x)
    }
    shape = try Shape(computed: dims, in: operation)
    walk = StridedWalk(shape, a: a.strides(over: shape), b: b.strides(over: shape))
  }

  /// `combine` of each pair of elements. The arrays must have the shapes this was made for.
  @inlinable @inline(__always)
  public func map<A, B, R: BitwiseCopyable & Sendable>(
    _ a: NDArray<A>, _ b: NDArray<B>, _ combine: (A, B) -> R
  ) -> NDArray<R> {
    let (run, stepA, stepB) = (walk.run, walk.stepA, walk.stepB)
    return a.withElements { a in
      b.withElements { b in
        NDArray<R>(shape) { out in
          for start in walk.runs {
            let (position, fromA, fromB) = (start.position, start.a, start.b)
            // Three loops the compiler can vectorise; the last serves what is left.
            switch (stepA, stepB) {
            case (1, 1):
              for i in 0..<run { out[position + i] = combine(a[fromA + i], b[fromB + i]) }
            case (1, 0):
              let right = b[fromB]
              for i in 0..<run { out[position + i] = combine(a[fromA + i], right) }
            case (0, 1):
              let left = a[fromA]
              for i in 0..<run { out[position + i] = combine(left, b[fromB + i]) }
            default:
              for i in 0..<run {
                out[position + i] = combine(a[fromA + i * stepA], b[fromB + i * stepB])
              }
            }
          }
        }
      }
    }
  }
}

extension Shape {
  /// The sizes with 1s in front until there are `rank` of them.
  func padded(toRank rank: Int) -> [Int] {
    [Int](repeating: 1, count: max(0, rank - self.rank)) + dims
  }

  /// The strides of an array of this shape along the dimensions of a shape it broadcasts to: 0
  /// where it is repeated.
  func strides(over shape: Shape) -> [Int] {
    let own = [Int](repeating: 0, count: shape.rank - rank) + strides
    return zip(own, padded(toRank: shape.rank)).map { $1 == 1 ? 0 : $0 }
  }
}
