internal import CKernels

extension NDArray where Element == Float {
  /// Each map `[N,C,…]` times a number of its own, `[N,C,1,…]`: what squeeze-and-excitation does.
  /// - Returns: nil where `factors` has another shape.
  public func scaled(byMap factors: Tensor) -> Tensor? {
    let (dims, own) = (shape.dims, factors.shape.dims)
    guard dims.count == own.count, dims.count > 2, Array(own.prefix(2)) == Array(dims.prefix(2)),
      own.dropFirst(2).allSatisfy({ $0 == 1 }), count > 0
    else { return nil }
    let (rows, columns) = (factors.count, count / factors.count)
    return Tensor(shape) { out in
      withElements { x in
        factors.withElements { factors in
          nonisolated(unsafe) let (x, factors, out) = (
            x.baseAddress!, factors.baseAddress!, out.baseAddress!
          )
          let part = Swift.max(1, elementwiseChunk / columns)
          Parallel.run(tasks: (rows + part - 1) / part) { task in
            ck_scale_rows(
              ck_chosen(), x, factors, columns, out, task * part,
              Swift.min(rows, (task + 1) * part))
          }
        }
      }
    }
  }
}
