import Glibc

extension Tensor {
  /// Softmax: exp(x)/Σ exp(x) along `axis`, which must exist. The largest element is taken off first,
  /// so that no exponential overflows.
  public func softmax(along axis: Int) -> Tensor {
    changingRows(along: axis) { row in
      let largest = row.largest()
      for i in 0..<row.count { row[i] = expf(row[i] - largest) }
      let sum = row.sum()
      for i in 0..<row.count { row[i] = Float(Double(row[i]) / sum) }
    }
  }

  /// The logarithm of softmax: x − log Σ exp(x) along `axis`, which must exist.
  public func logSoftmax(along axis: Int) -> Tensor {
    changingRows(along: axis) { row in
      let largest = row.largest()
      var sum = 0.0
      for i in 0..<row.count { sum += Double(expf(row[i] - largest)) }
      let logOfSum = log(sum)
      for i in 0..<row.count { row[i] = Float(Double(row[i] - largest) - logOfSum) }
    }
  }

  /// A copy changed row by row; `body` sees one run of elements along the axis.
  private func changingRows(along axis: Int, _ body: @Sendable (Row) -> Void) -> Tensor {
    var result = self
    guard count > 0 else { return result }
    let size = shape[axis]
    let inner = shape.dims[(axis + 1)...].reduce(1, *)
    let rows = count / size
    let perTask = max(1, elementwiseChunk / 16 / size)
    result.withMutableElements { elements in
      nonisolated(unsafe) let start = elements.baseAddress!
      Parallel.run(tasks: (rows + perTask - 1) / perTask) { task in
        for row in task * perTask..<min(rows, (task + 1) * perTask) {
          let (block, within) = row.quotientAndRemainder(dividingBy: inner)
          body(Row(start: start + block * size * inner + within, step: inner, count: size))
        }
      }
    }
    return result
  }
}

/// Elements at equal distances.
private struct Row {
  let start: UnsafeMutablePointer<Float>
  let step: Int
  let count: Int

  subscript(index: Int) -> Float {
    get { start[index * step] }
    nonmutating set { start[index * step] = newValue }
  }

  func largest() -> Float {
    (0..<count).reduce(-.infinity) { Reduction.larger($0, self[$1]) }
  }

  func sum() -> Double { (0..<count).reduce(0) { $0 + Double(self[$1]) } }
}
