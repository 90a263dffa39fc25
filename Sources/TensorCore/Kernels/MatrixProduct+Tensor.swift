extension MatrixProduct {
  /// alpha·op(A)·op(B) of two matrices, either one transposed where it says so.
  ///
  /// The sizes must go together.
  public static func of(
    _ a: Tensor, transposed transposeA: Bool,
    _ b: Tensor, transposed transposeB: Bool, alpha: Float = 1
  ) -> Tensor {
    let (m, n) = (a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1])
    return Tensor([m, n]) { c in
      add(a, transposed: transposeA, b, transposed: transposeB, alpha: alpha, beta: 0, to: c)
    }
  }

  /// C ← alpha·op(A)·op(B) + beta·C with C of as many rows as op(A) and columns as op(B).
  public static func add(
    _ a: Tensor, transposed transposeA: Bool, _ b: Tensor, transposed transposeB: Bool,
    alpha: Float, beta: Float, to c: UnsafeMutableBufferPointer<Float>
  ) {
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (l, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    precondition(k == l && c.count == m * n, "\(a.shape) and \(b.shape) to \(c.count) elements")
    guard let c = c.baseAddress, m > 0, n > 0 else { return }
    a.withElements { a in
      b.withElements { b in
        // Without a common dimension there is nothing to read.
        parallelSgemm(
          m: m, n: n, k: k, alpha: alpha, a: a.baseAddress ?? UnsafePointer(c),
          lda: transposeA ? m : k, transposeA: transposeA, b: b.baseAddress ?? UnsafePointer(c),
          ldb: transposeB ? k : n, transposeB: transposeB, beta: beta, c: c, ldc: n)
      }
    }
  }
}
