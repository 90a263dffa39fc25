internal import CKernels

/// Row-major single-precision matrix products.
///
/// An element of a result is made by the same operations in every product, whatever its shape and the
/// number of threads: sums go over the terms in their order by fused multiply-adds, cut at multiples of
/// 384, whose sums are added up. With such instructions in hardware the bits are the same everywhere.
public enum MatrixProduct {
  /// C ← alpha·op(A)·op(B) + beta·C, with op(A) m×k, op(B) k×n and C m×n, on one thread.
  ///
  /// `lda`, `ldb`, `ldc` are the distances in elements between rows as they lie in memory. The
  /// pointers must reach that far; nothing is checked here.
  public static func sgemm(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    a: UnsafePointer<Float>, lda: Int, transposeA: Bool = false,
    b: UnsafePointer<Float>, ldb: Int, transposeB: Bool = false,
    beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    let left = ProductTasks.Left(a, rowStep: transposeA ? 1 : lda, termStep: transposeA ? lda : 1)
    let right = ck_right(
      matrix: b, termStep: transposeB ? 1 : ldb, columnStep: transposeB ? ldb : 1)
    scale(c, m, n, ldc, by: beta)
    var job = ck_product_job(rows: m, columns: n, terms: k, to: c, step: ldc)
    (job.left, job.right, job.alpha, job.adds) = (left.operand, right, alpha, beta == 0 ? 0 : 1)
    ProductTasks.runAlone(&job)
  }

  /// The same on several threads, where they pay.
  public static func parallelSgemm(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    a: UnsafePointer<Float>, lda: Int, transposeA: Bool = false,
    b: UnsafePointer<Float>, ldb: Int, transposeB: Bool = false,
    beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    let left = ProductTasks.Left(a, rowStep: transposeA ? 1 : lda, termStep: transposeA ? lda : 1)
    let right = ck_right(
      matrix: b, termStep: transposeB ? 1 : ldb, columnStep: transposeB ? ldb : 1)
    scale(c, m, n, ldc, by: beta)
    let tasks = ProductTasks(rows: m, columns: n, terms: k)
    nonisolated(unsafe) let (b, c) = (right, c)
    tasks.run(lefts: [left]) { _, job, run in
      job.right = b
      (job.values, job.step) = (c, ldc)
      (job.alpha, job.adds) = (alpha, beta == 0 ? 0 : 1)
      run(&job)
    }
  }

  /// What is added to: nothing, C itself, or a multiple.
  private static func scale(
    _ c: UnsafeMutablePointer<Float>, _ m: Int, _ n: Int, _ ldc: Int, by beta: Float
  ) {
    guard beta != 0, beta != 1 else { return }
    for row in 0..<m { for i in row * ldc..<row * ldc + n { c[i] *= beta } }
  }
}

extension ck_right {
  /// A matrix as it lies; one of the steps should be 1.
  init(matrix values: UnsafePointer<Float>, termStep: Int, columnStep: Int) {
    self.init(
      kind: CK_MATRIX, values: values, term_step: termStep, column_step: columnStep, patches: nil)
  }
}

extension ck_product_job {
  /// A product whose operands come later.
  init(rows: Int, columns: Int, terms: Int, to c: UnsafeMutablePointer<Float>?, step: Int) {
    self.init(
      rows: rows, columns: columns, terms: terms, left: ck_left(), right: ck_right(), values: c,
      step: step, adds: 0, alpha: 1, epilogue: nil)
  }
}
