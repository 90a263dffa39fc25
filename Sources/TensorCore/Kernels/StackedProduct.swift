internal import CKernels

/// Matrix products of stacks of matrices under NumPy's rules for `matmul`: the last two dimensions
/// are matrices, those before broadcast; a vector on the left is a row, on the right a column, and
/// its dimension is gone from the result.
/// https://numpy.org/doc/stable/reference/generated/numpy.matmul.html
public struct StackedProduct: Hashable, Sendable {
  /// The shape of the result.
  public let shape: Shape
  /// Rows of a left matrix and of the result.
  public let m: Int
  /// Columns of a right matrix and of the result.
  public let n: Int
  /// Columns of a left matrix, rows of a right one.
  public let k: Int
  private let stacks: StridedWalk
  /// Rows of one product; all of the stack's where the right matrix is the same for all.
  let rows: Int

  /// - Throws: `TensorError` where the shapes do not go together.
  public init(_ a: Shape, _ b: Shape, in operation: String) throws(TensorError) {
    guard a.rank > 0, b.rank > 0 else {
      throw TensorError(operation, expected: "vectors or matrices", found: "\(a) and \(b)")
    }
    let left = a.rank == 1 ? [1] + a.dims : a.dims
    let right = b.rank == 1 ? b.dims + [1] : b.dims
    (m, k) = (left[left.count - 2], left[left.count - 1])
    n = right[right.count - 1]
    guard right[right.count - 2] == k else {
      throw TensorError(
        operation, expected: "as many columns on the left as rows on the right",
        found: "\(a) and \(b)")
    }
    guard k <= Shape.computedLimit else {
      throw TensorError(
        operation, expected: "at most \(Shape.computedLimit) columns on the left", found: "\(k)")
    }
    let stackA = try Shape(checking: Array(left.dropLast(2)), in: operation)
    let stackB = try Shape(checking: Array(right.dropLast(2)), in: operation)
    let batches = try Broadcast(stackA, stackB, in: operation)
    var dims = batches.shape.dims
    if a.rank > 1 { dims.append(m) }
    if b.rank > 1 { dims.append(n) }
    shape = try Shape(computed: dims, in: operation)
    // One matrix on the right for a whole stack on the left is a single tall product.
    let isTall = stackB.count == 1 && stackB.rank <= stackA.rank
    stacks = isTall ? StridedWalk([], a: [], b: []) : batches.walk
    rows = isTall ? stackA.count * m : m
  }

  /// Which matrix of either stack each product reads, in the order of the results.
  var starts: [(a: Int, b: Int)] {
    var starts: [(a: Int, b: Int)] = []
    for start in stacks.runs {
      for i in 0..<stacks.run {
        starts.append((start.a + i * stacks.stepA, start.b + i * stacks.stepB))
      }
    }
    return starts
  }

  /// The product, and what the epilogue makes of it. The arrays must have the shapes this was made for.
  /// - Parameter kept: where b is kept in the kernels' order, nil where it changes from call to call
  public func forward(
    _ a: Tensor, _ b: Tensor, epilogue: Epilogue = Epilogue(), kept: KeptWeights? = nil
  ) -> Tensor {
    let starts = starts
    // A row alone reads each weight once, and as fast where it lies.
    let packed: PackedMatrix? =
      starts.count > 1 || rows < 8 || b.count == 0
      ? nil
      : kept?.form(of: b) {
        b.withElements { PackedMatrix(right: $0.baseAddress!, columns: n, terms: k) }
      }
    return Tensor(shape) { out in
      guard let c = out.baseAddress, out.count > 0 else { return }
      a.withElements { a in
        b.withElements { b in
          // Without a common dimension there is nothing to read, only zeros to write.
          nonisolated(unsafe) let (a, b, c) = (
            a.baseAddress ?? .init(c), b.baseAddress ?? .init(c), c
          )
          let tasks = ProductTasks(rows: rows, columns: n, terms: k, count: starts.count)
          let lefts = starts.map { ProductTasks.Left(a + $0.a * m * k, rowStep: k, termStep: 1) }
          epilogue.withKernel(columns: n) { kernel in
            nonisolated(unsafe) let kernel = kernel
            tasks.run(lefts: lefts) { i, job, run in
              job.right =
                packed?.right
                ?? ck_right(matrix: b + starts[i].b * k * n, termStep: n, columnStep: 1)
              (job.values, job.step) = (c + i * rows * n, n)
              var own = kernel
              own.residual = kernel.residual.map { $0 + i * rows * n }
              withUnsafePointer(to: &own) {
                job.epilogue = $0
                run(&job)
              }
            }
          }
        }
      }
    }
  }
}
