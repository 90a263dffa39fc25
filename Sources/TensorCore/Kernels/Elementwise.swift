/// Elements of one task of an element-wise operation; fixed, so that the split never depends on the
/// number of threads.
@usableFromInline let elementwiseChunk = 1 << 17

extension NDArray where Element: BitwiseCopyable {
  /// Each element through `transform`, in the same shape; large arrays on several threads.
  @inlinable @inline(__always)
  public func elementwise<T: BitwiseCopyable & Sendable>(
    _ transform: @Sendable (Element) -> T
  ) -> NDArray<T> {
    let count = count
    return withElements { x in
      NDArray<T>(shape) { out in
        nonisolated(unsafe) let (x, out) = (x, out)
        Parallel.run(tasks: (count + elementwiseChunk - 1) / elementwiseChunk) { task in
          let start = task * elementwiseChunk
          for i in start..<min(count, start + elementwiseChunk) { out[i] = transform(x[i]) }
        }
      }
    }
  }
}
