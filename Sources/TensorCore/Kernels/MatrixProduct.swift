import COpenBLAS

/// Row-major single-precision matrix products through OpenBLAS, single-threaded: the callers split
/// their work themselves, so that a result never depends on the number of threads.
public enum MatrixProduct {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// C ← alpha·op(A)·op(B) + beta·C, with op(A) m×k, op(B) k×n and C m×n.
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
    guard k > 0 else {
      // An empty sum; BLAS implementations disagree on whether C is touched.
      for row in 0..<m { for i in row * ldc..<row * ldc + n { c[i] = beta == 0 ? 0 : beta * c[i] } }
      return
    }
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(max(1, lda)), b, blasint(max(1, ldb)),
      beta, c, blasint(max(1, ldc)))
  }

  /// The same on several threads: C is cut into blocks of a fixed size, so that the result does not
  /// depend on how many threads there are.
  public static func parallelSgemm(
    m: Int, n: Int, k: Int, alpha: Float = 1,
    a: UnsafePointer<Float>, lda: Int, transposeA: Bool = false,
    b: UnsafePointer<Float>, ldb: Int, transposeB: Bool = false,
    beta: Float = 0, c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    // Below a million multiply-adds a second thread costs more than it brings.
    let (blockM, blockN) = Double(m) * Double(n) * Double(k) < 0x1p20 ? (m, n) : (128, 512)
    guard m > 0, n > 0 else { return }
    let across = (n + blockN - 1) / blockN
    nonisolated(unsafe) let (a, b, c) = (a, b, c)
    Parallel.run(tasks: (m + blockM - 1) / blockM * across) { task in
      let (row, column) = (task / across * blockM, task % across * blockN)
      sgemm(
        m: min(blockM, m - row), n: min(blockN, n - column), k: k, alpha: alpha,
        a: a + row * (transposeA ? 1 : lda), lda: lda, transposeA: transposeA,
        b: b + column * (transposeB ? ldb : 1), ldb: ldb, transposeB: transposeB,
        beta: beta, c: c + row * ldc + column, ldc: ldc)
    }
  }
}
