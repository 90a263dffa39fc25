import Masks
public import TensorCore

/// y = alpha·A·B + beta·C: A `[M,K]` and B `[K,N]`, either one transposed where transA or transB says
/// so; C broadcasts to `[M,N]` and may be missing.
public struct Gemm: Operator {
  public static let opType = "Gemm"
  public static let role = OperatorRole.dense
  public static let weightInput: Int? = 1
  let alpha: Float
  let beta: Float
  let transposesA: Bool
  let transposesB: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1)
    beta = try node.float("beta", default: 1)
    transposesA = try node.int("transA", default: 0) != 0
    transposesB = try node.int("transB", default: 0) != 0
  }

  /// Rows, columns and the length of the sums.
  private func sizes(_ a: Shape, _ b: Shape) throws(TensorError) -> (m: Int, n: Int, k: Int) {
    guard a.rank == 2, b.rank == 2 else {
      throw TensorError("Gemm", expected: "two matrices", found: "\(a) and \(b)")
    }
    let (m, k) = transposesA ? (a[1], a[0]) : (a[0], a[1])
    let (l, n) = transposesB ? (b[1], b[0]) : (b[0], b[1])
    guard k == l, k <= Shape.computedLimit else {
      throw TensorError(
        "Gemm", expected: "A with as many columns as B has rows",
        found: "\(m)×\(k) and \(l)×\(n)")
    }
    return (m, n, k)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (m, n, _) = try sizes(try inputs.tensor(0), try inputs.tensor(1))
    let shape = try Shape(computed: [m, n], in: "Gemm")
    if inputs.optional(2) != nil {
      _ = try StridedView.broadcasting(try inputs.tensor(2), to: shape, in: "Gemm")
    }
    return [ValueInfo(shape)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let (a, b, c) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.optionalTensor(2))
    let (m, n, k) = try sizes(a.shape, b.shape)
    var y: Tensor
    if let c {
      y = c.gathered(try .broadcasting(c.shape, to: shape, in: "Gemm"))
    } else {
      y = Tensor(shape, repeating: 0)
    }
    let beta = c == nil ? 0 : beta
    y.withMutableElements { y in
      guard let y = y.baseAddress, shape.count > 0 else { return }
      a.withElements { a in
        b.withElements { b in
          // Without a common dimension there is nothing to read.
          MatrixProduct.parallelSgemm(
            m: m, n: n, k: k, alpha: alpha,
            a: a.baseAddress ?? UnsafePointer(y), lda: transposesA ? m : k,
            transposeA: transposesA,
            b: b.baseAddress ?? UnsafePointer(y), ldb: transposesB ? k : n,
            transposeB: transposesB, beta: beta, c: y, ldc: n)
        }
      }
    }
    return [.float32(y)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let a = inputs.optional(0)?.shape, a.rank == 2 else { return 0 }
    return outputs[0].shape.count * (transposesA ? a[0] : a[1])
  }
}
