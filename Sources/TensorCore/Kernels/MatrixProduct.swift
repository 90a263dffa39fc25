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
    guard m > 0, n > 0 else { return }
    if (m == 1 || n == 1) && k > 0 {
      let matrix = m == 1 ? b : a
      vectorProduct(
        m == 1 ? n : m, k, alpha: alpha, matrix: matrix, ld: m == 1 ? ldb : lda,
        rowsAreTerms: m == 1 ? !transposeB : transposeA, vector: m == 1 ? a : b,
        step: m == 1 ? (transposeA ? lda : 1) : (transposeB ? 1 : ldb), beta: beta, to: c,
        step: m == 1 ? 1 : ldc)
      return
    }
    let (blockM, blockN) = blocks(m, n, k)
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

  /// The size of the blocks a product is cut into.
  private static func blocks(_ m: Int, _ n: Int, _ k: Int) -> (Int, Int) {
    // Below a million multiply-adds a second thread costs more than it brings.
    guard Double(m) * Double(n) * Double(k) >= 0x1p20 else { return (m, n) }
    let down = (m + 127) / 128
    var blockN = 512
    // A small result of long sums is cut finer, or there would be too few tasks to share.
    while blockN > 64, down * ((n + blockN - 1) / blockN) < 4 { blockN /= 2 }
    return (128, blockN)
  }

  /// y ← alpha·M·x + beta·y with one number for each of `count` rows of M, or of its columns where
  /// `rowsAreTerms`; in parts of a fixed size. As fast as M can be read.
  private static func vectorProduct(
    _ count: Int, _ terms: Int, alpha: Float, matrix: UnsafePointer<Float>, ld: Int,
    rowsAreTerms: Bool, vector: UnsafePointer<Float>, step: Int, beta: Float,
    to y: UnsafeMutablePointer<Float>, step stepY: Int
  ) {
    _ = singleThreaded
    let small = Double(count) * Double(terms) < 0x1p18
    // Wide parts, where they are columns: memory is read best in long lines.
    let part = small ? count : max(256, count / 4)
    nonisolated(unsafe) let (matrix, vector, y) = (matrix, vector, y)
    Parallel.run(tasks: (count + part - 1) / part) { task in
      let first = task * part
      let own = min(part, count - first)
      if rowsAreTerms {
        cblas_sgemv(
          CblasRowMajor, CblasTrans, blasint(terms), blasint(own), alpha, matrix + first,
          blasint(ld), vector, blasint(step), beta, y + first * stepY, blasint(stepY))
      } else {
        cblas_sgemv(
          CblasRowMajor, CblasNoTrans, blasint(own), blasint(terms), alpha, matrix + first * ld,
          blasint(ld), vector, blasint(step), beta, y + first * stepY, blasint(stepY))
      }
    }
  }
}
