import TensorCore

/// Elements one task changes; fixed, so that nothing depends on the number of threads.
private let chunk = 1 << 16

/// Runs over 0 ..< count in chunks, on several threads where there is more than one.
private func overChunks(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
  Parallel.run(tasks: (count + chunk - 1) / chunk) { task in
    body(task * chunk..<min(count, (task + 1) * chunk))
  }
}

private typealias Chunk = UnsafeMutableBufferPointer<Float>

extension Tensor {
  /// Changes the elements of two arrays in place, chunk by chunk, beside those of a third.
  mutating func changeChunks(
    and v: inout Tensor, with g: Tensor,
    _ body:
      @Sendable (
        UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>,
        UnsafeBufferPointer<Float>
      ) -> Void
  ) {
    precondition(count == g.count && count == v.count, "\(shape) with \(g.shape)")
    let count = count
    withMutableElements { w in
      v.withMutableElements { v in
        g.withElements { g in
          nonisolated(unsafe) let (w, v, g) = (w, v, g)
          overChunks(count) {
            body(Chunk(rebasing: w[$0]), Chunk(rebasing: v[$0]), .init(rebasing: g[$0]))
          }
        }
      }
    }
  }

  /// Changes the elements of three arrays in place, chunk by chunk, beside those of a fourth.
  mutating func changeChunks(
    and state: inout [Tensor], with g: Tensor,
    _ body:
      @Sendable (
        UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>,
        UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>
      ) -> Void
  ) {
    precondition(count == g.count && state.count == 2, "\(shape) with \(g.shape)")
    let count = count
    var (first, second) = (state[0], state[1])
    state.removeAll()  // so that the two arrays are not shared while they change
    withMutableElements { w in
      first.withMutableElements { m in
        second.withMutableElements { v in
          g.withElements { g in
            nonisolated(unsafe) let (w, m, v, g) = (w, m, v, g)
            overChunks(count) {
              body(
                Chunk(rebasing: w[$0]), Chunk(rebasing: m[$0]), Chunk(rebasing: v[$0]),
                .init(rebasing: g[$0]))
            }
          }
        }
      }
    }
    state = [first, second]
  }

  /// Adds an array of the same count in place.
  mutating func add(_ other: Tensor) {
    changeChunks(reading: other) { a, b in for i in a.indices { a[i] += b[i] } }
  }
}
