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
    _ = singleThreaded
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(max(1, lda)), b, blasint(max(1, ldb)),
      beta, c, blasint(max(1, ldc)))
  }
}
