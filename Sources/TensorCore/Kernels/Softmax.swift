internal import CKernels
import Glibc

extension Tensor {
  /// Softmax: exp(x)/Σ exp(x) along `axis`, which must exist. The largest element is taken off first,
  /// so that no exponential overflows.
  public func softmax(along axis: Int) -> Tensor {
    if let y = rowwise(along: axis, { ck_softmax(ck_chosen(), $0, $1, $2, $3, $4) }) { return y }
    return softmaxOfColumns(along: axis)
  }

  private func softmaxOfColumns(along axis: Int) -> Tensor {
    changingRows(along: axis) { row in
      let largest = row.largest()
      for i in 0..<row.count { row[i] = expf(row[i] - largest) }
      let sum = row.sum()
      for i in 0..<row.count { row[i] = Float(Double(row[i]) / sum) }
    }
  }

  /// The logarithm of softmax: x − log Σ exp(x) along `axis`, which must exist.
  public func logSoftmax(along axis: Int) -> Tensor {
    if let y = rowwise(along: axis, { ck_log_softmax(ck_chosen(), $0, $1, $2, $3, $4) }) {
      return y
    }
    return logSoftmaxOfColumns(along: axis)
  }

  private func logSoftmaxOfColumns(along axis: Int) -> Tensor {
    changingRows(along: axis) { row in
      let largest = row.largest()
      var sum = 0.0
      for i in 0..<row.count { sum += Double(expf(row[i] - largest)) }
      let logOfSum = log(sum)
      for i in 0..<row.count { row[i] = Float(Double(row[i] - largest) - logOfSum) }
    }
  }

  /// Turns the gradient by the result y of `softmax` into that by its input: y·(g − Σ g·y).
  public mutating func becomeSoftmaxGradient(of y: Tensor, along axis: Int) {
    changeRows(along: axis, reading: y) { g, y in
      var sum = 0.0
      for i in 0..<g.count { sum += Double(g[i]) * Double(y[i]) }
      for i in 0..<g.count { g[i] = Float(Double(y[i]) * (Double(g[i]) - sum)) }
    }
  }

  /// Turns the gradient by the result y of `logSoftmax` into that by its input: g − exp(y)·Σ g.
  public mutating func becomeLogSoftmaxGradient(of y: Tensor, along axis: Int) {
    changeRows(along: axis, reading: y) { g, y in
      let sum = g.sum()
      for i in 0..<g.count { g[i] = Float(Double(g[i]) - Double(expf(y[i])) * sum) }
    }
  }

  /// A kernel over rows that lie without gaps: source, columns, result, first and last row.
  typealias RowKernel =
    @Sendable (UnsafePointer<Float>, Int, UnsafeMutablePointer<Float>, Int, Int) -> Void

  /// What a kernel makes of the rows along the last axis of more than one element; nil along others.
  private func rowwise(along axis: Int, _ kernel: RowKernel) -> Tensor? {
    guard shape.dims[(axis + 1)...].allSatisfy({ $0 == 1 }), count > 0 else { return nil }
    let columns = shape[axis]
    return Tensor(shape) { out in
      withElements { x in
        nonisolated(unsafe) let (x, out) = (x.baseAddress!, out.baseAddress!)
        let rows = count / columns
        let part = Swift.max(1, elementwiseChunk / 8 / columns)
        Parallel.run(tasks: (rows + part - 1) / part) { task in
          kernel(x, columns, out, task * part, Swift.min(rows, (task + 1) * part))
        }
      }
    }
  }

  /// A copy changed row by row; `body` sees one run of elements along the axis.
  private func changingRows(along axis: Int, _ body: @Sendable (Row) -> Void) -> Tensor {
    var result = self
    let rows = Rows(of: shape, along: axis)
    result.withMutableElements { elements in
      nonisolated(unsafe) let elements = elements
      rows.forEach { body(rows.row(at: $0, of: elements.baseAddress!)) }
    }
    return result
  }

  /// Changes rows in place; `body` sees each beside the same row of another array of this shape.
  private mutating func changeRows(
    along axis: Int, reading other: Tensor, _ body: @Sendable (Row, Row) -> Void
  ) {
    precondition(other.shape == shape, "\(other.shape) beside \(shape)")
    let rows = Rows(of: shape, along: axis)
    other.withElements { other in
      withMutableElements { elements in
        nonisolated(unsafe) let (elements, other) = (elements, other)
        rows.forEach { start in
          body(
            rows.row(at: start, of: elements.baseAddress!),
            rows.row(at: start, of: UnsafeMutablePointer(mutating: other.baseAddress!)))
        }
      }
    }
  }
}

/// The rows of an array along an axis.
private struct Rows: Sendable {
  let count: Int
  /// Elements of a row, and the distance between them.
  let (size, step): (Int, Int)

  init(of shape: Shape, along axis: Int) {
    size = shape[axis]
    step = shape.dims[(axis + 1)...].reduce(1, *)
    count = shape.count == 0 ? 0 : shape.count / size
  }

  /// Runs `body` with the offset of each row's first element.
  func forEach(_ body: @Sendable (Int) -> Void) {
    let perTask = max(1, elementwiseChunk / 16 / max(1, size))
    Parallel.run(tasks: (count + perTask - 1) / perTask) { task in
      for row in task * perTask..<min(count, (task + 1) * perTask) {
        let (block, within) = row.quotientAndRemainder(dividingBy: step)
        body(block * size * step + within)
      }
    }
  }

  func row(at offset: Int, of elements: UnsafeMutablePointer<Float>) -> Row {
    Row(start: elements + offset, step: step, count: size)
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
