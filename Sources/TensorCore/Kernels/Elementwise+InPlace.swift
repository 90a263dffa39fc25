extension NDArray where Element: BitwiseCopyable {
  /// Changes the elements in place, chunk by chunk; large arrays on several threads. Storage that is
  /// shared is copied first.
  ///
  /// `body` gets a chunk of this array and is a loop of the caller's own, as in `mapChunks`.
  @inlinable
  public mutating func changeChunks(
    _ body: @Sendable (UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    withMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      Parallel.chunks(elements.count) { range in
        body(UnsafeMutableBufferPointer(rebasing: elements[range]))
      }
    }
  }

  /// The same beside the chunk at the same place of an array of as many elements.
  @inlinable
  public mutating func changeChunks<A: BitwiseCopyable & Sendable>(
    reading a: NDArray<A>,
    _ body: @Sendable (UnsafeMutableBufferPointer<Element>, UnsafeBufferPointer<A>) -> Void
  ) {
    precondition(a.count == count, "\(a.shape) beside \(shape)")
    a.withElements { a in
      withMutableElements { elements in
        nonisolated(unsafe) let (elements, a) = (elements, a)
        Parallel.chunks(elements.count) { range in
          body(
            UnsafeMutableBufferPointer(rebasing: elements[range]),
            UnsafeBufferPointer(rebasing: a[range]))
        }
      }
    }
  }

  /// The same beside the chunks of two arrays of as many elements.
  @inlinable
  public mutating func changeChunks<A: BitwiseCopyable & Sendable, B: BitwiseCopyable & Sendable>(
    reading a: NDArray<A>, _ b: NDArray<B>,
    _ body:
      @Sendable (
        UnsafeMutableBufferPointer<Element>, UnsafeBufferPointer<A>, UnsafeBufferPointer<B>
      ) -> Void
  ) {
    precondition(a.count == count && b.count == count, "\(a.shape), \(b.shape) beside \(shape)")
    a.withElements { a in
      b.withElements { b in
        withMutableElements { elements in
          nonisolated(unsafe) let (elements, a, b) = (elements, a, b)
          Parallel.chunks(elements.count) { range in
            body(
              UnsafeMutableBufferPointer(rebasing: elements[range]),
              UnsafeBufferPointer(rebasing: a[range]), UnsafeBufferPointer(rebasing: b[range]))
          }
        }
      }
    }
  }
}

extension Parallel {
  /// Runs `body` for the ranges of `elementwiseChunk` elements that make up 0 ..< count.
  @inlinable
  static func chunks(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    run(tasks: (count + elementwiseChunk - 1) / elementwiseChunk) { task in
      let start = task * elementwiseChunk
      body(start..<min(count, start + elementwiseChunk))
    }
  }
}
