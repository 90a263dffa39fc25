extension StackedProduct {
  /// The gradient by the left stack, in its shape: ∂A = ∂Y·Bᵀ, added up in order over the products
  /// that a left matrix took part in.
  /// - Parameters:
  ///   - dy: the gradient by the result, in its shape
  ///   - b: the right stack
  ///   - a: the shape of the left stack
  public func leftGradient(_ dy: Tensor, b: Tensor, a: Shape) -> Tensor {
    let starts = starts
    return sums(a, matrix: rows * k, targets: starts.map(\.a), dy, b) { i, dy, b in
      Term(
        m: rows, n: k, k: n, a: dy + i * m * n, lda: n, b: b + starts[i].b * k * n, ldb: n,
        transposeB: true)
    }
  }

  /// The gradient by the right stack, in its shape: ∂B = Aᵀ·∂Y, added up in order over the products
  /// that a right matrix took part in.
  /// - Parameters:
  ///   - dy: the gradient by the result, in its shape
  ///   - a: the left stack
  ///   - b: the shape of the right stack
  public func rightGradient(_ dy: Tensor, a: Tensor, b: Shape) -> Tensor {
    let starts = starts
    return sums(b, matrix: k * n, targets: starts.map(\.b), dy, a) { i, dy, a in
      Term(
        m: k, n: n, k: rows, a: a + starts[i].a * m * k, lda: k, transposeA: true,
        b: dy + i * m * n, ldb: n)
    }
  }

  /// One product of the sum that makes a gradient.
  private struct Term {
    let m: Int
    let n: Int
    let k: Int
    let a: UnsafePointer<Float>
    let lda: Int
    var transposeA = false
    let b: UnsafePointer<Float>
    let ldb: Int
    var transposeB = false

    func add(to c: UnsafeMutablePointer<Float>, first: Bool, parallel: Bool) {
      if parallel {
        MatrixProduct.parallelSgemm(
          m: m, n: n, k: k, a: a, lda: lda, transposeA: transposeA, b: b, ldb: ldb,
          transposeB: transposeB, beta: first ? 0 : 1, c: c, ldc: n)
      } else {
        MatrixProduct.sgemm(
          m: m, n: n, k: k, a: a, lda: lda, transposeA: transposeA, b: b, ldb: ldb,
          transposeB: transposeB, beta: first ? 0 : 1, c: c, ldc: n)
      }
    }
  }

  /// A stack of matrices of `matrix` elements: matrix t is the sum of the terms i with targets[i] = t.
  private func sums(
    _ shape: Shape, matrix: Int, targets: [Int], _ left: Tensor, _ right: Tensor,
    _ term: @Sendable (Int, UnsafePointer<Float>, UnsafePointer<Float>) -> Term
  ) -> Tensor {
    Tensor(shape) { out in
      guard let base = out.baseAddress, out.count > 0 else { return }
      var terms = [[Int]](repeating: [], count: out.count / matrix)
      for (i, target) in targets.enumerated() { terms[target].append(i) }
      let small = Double(out.count) * Double(rows * n * k) / Double(matrix) < 0x1p20
      left.withElements { left in
        right.withElements { right in
          // Without a common dimension there is nothing to read, only zeros to write.
          nonisolated(unsafe) let (left, right, base) = (
            left.baseAddress ?? .init(base), right.baseAddress ?? .init(base), base
          )
          Parallel.run(tasks: terms.count, threads: small ? 1 : Parallel.threads) {
            [terms] target in
            let sum = base + target * matrix
            if terms[target].isEmpty { sum.update(repeating: 0, count: matrix) }
            for i in terms[target] {
              term(i, left, right).add(
                to: sum, first: i == terms[target][0], parallel: terms.count == 1)
            }
          }
        }
      }
    }
  }
}
