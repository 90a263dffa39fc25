internal import CKernels

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

  /// alpha·op(A)·op(B), and what the epilogue makes of it.
  /// - Parameter kept: where B is kept in the kernels' order, nil where it changes from call to call
  public static func of(
    _ a: Tensor, transposed transposeA: Bool, _ b: Tensor, transposed transposeB: Bool,
    alpha: Float, epilogue: Epilogue, kept: KeptWeights?
  ) -> Tensor {
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let n = b.shape[transposeB ? 0 : 1]
    precondition(k == b.shape[transposeB ? 1 : 0], "\(a.shape) and \(b.shape)")
    // Large matrices are not held twice: read once a run, they lie well enough.
    let packed: PackedMatrix? =
      b.count == 0 || b.count > mostKept
      ? nil
      : kept?.form(of: b) {
        b.withElements {
          PackedMatrix(right: $0.baseAddress!, columns: n, terms: k, transposed: transposeB)
        }
      }
    return Tensor([m, n]) { c in
      guard let c = c.baseAddress, m > 0, n > 0 else { return }
      a.withElements { a in
        b.withElements { b in
          // Without a common dimension there is nothing to read.
          let left = ProductTasks.Left(
            a.baseAddress ?? .init(c), rowStep: transposeA ? 1 : k, termStep: transposeA ? m : 1)
          let right =
            packed?.right
            ?? ck_right(
              matrix: b.baseAddress ?? .init(c), termStep: transposeB ? 1 : n,
              columnStep: transposeB ? k : 1)
          epilogue.withKernel(columns: n) { kernel in
            nonisolated(unsafe) let (kernel, right, c) = (kernel, right, c)
            ProductTasks(rows: m, columns: n, terms: k).run(lefts: [left]) { _, job, run in
              (job.right, job.values, job.step, job.alpha) = (right, c, n, alpha)
              withUnsafePointer(to: kernel) {
                job.epilogue = $0
                run(&job)
              }
            }
          }
        }
      }
    }
  }

  /// 16 MB.
  private static let mostKept = 1 << 22
}
