public import Masks
public import TensorCore

/// y = alpha·A·B + beta·C: A `[M,K]` and B `[K,N]`, either one transposed where transA or transB says
/// so; C broadcasts to `[M,N]` and may be missing.
public struct Gemm: Operator {
  public static let opType = "Gemm"
  public static let schema = OperatorSchema(
    attributes: [
      .float("alpha"), .float("beta"), .flag("broadcast", until: 6), .flag("transA"),
      .flag("transB"),
    ],
    inputs: [
      .init([1: .floats, 9: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]]),
      .init([1: .floats, 9: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]]),
      .init(
        [1: .floats, 9: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16]],
        optionalSince: 11),
    ])
  public static let role = OperatorRole.dense
  public var parameters: [Target: Int] { [.weights: 1] }
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

  /// Rows of A are samples, each a row of features, and so are those of the result; between two
  /// activations the columns are those of B. C lies along the result.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    var read: [Axis.Name?] = [.sample, .feature]
    if transposesA { read.reverse() }
    let isDense = inputs.optional(1)?.constant != nil
    var rows = [AxisRule.Place(0, transposesA ? 1 : 0)]
    var columns = [AxisRule.Place(1, transposesB ? 0 : 1)]
    if let c = inputs.optional(2)?.shape.rank, c > 0 {
      columns.append(.init(2, c - 1))
      if c == 2 { rows.append(.init(2, 0)) }
    }
    return AxisRule(
      expects: isDense ? [0: read] : [:],
      outputs: [[.axes(rows), isDense ? .named(.feature) : .axes(columns)]])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try forward(inputs, context, Epilogue())
  }

  /// What `forward` makes where C is a row, or missing: a product and an epilogue; nil elsewhere.
  private func product(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> Tensor? {
    let (a, b, c) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.optionalTensor(2))
    let n = b.shape[transposesB ? 0 : 1]
    let isRow = c.map { $0.shape == [n] || $0.shape == [1, n] } ?? true
    guard alpha != 0, isRow, c == nil || beta == 1, epilogue.columnBias == nil else { return nil }
    var all = epilogue
    all.columnBias = c
    return MatrixProduct.of(
      a, transposed: transposesA, b, transposed: transposesB, alpha: alpha, epilogue: all,
      kept: context.kept)
  }

  private func general(_ inputs: Inputs<Value>, _ shape: Shape) throws(TensorError) -> [Value] {
    let (a, b, c) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.optionalTensor(2))
    var y: Tensor
    if let c {
      y = c.gathered(try .broadcasting(c.shape, to: shape, in: "Gemm"))
    } else {
      y = Tensor(shape, repeating: 0)
    }
    let (alpha, beta) = (alpha, c == nil ? 0 : beta)
    if alpha == 0 {
      // A product times 0 is none for the library, but not where it is infinite or no number.
      let product = MatrixProduct.of(
        a, transposed: transposesA, b, transposed: transposesB, alpha: 1)
      y.changeChunks(reading: product) { y, product in
        for i in y.indices { y[i] = (beta == 0 ? 0 : beta * y[i]) + alpha * product[i] }
      }
      return [.float32(y)]
    }
    y.withMutableElements { y in
      MatrixProduct.add(
        a, transposed: transposesA, b, transposed: transposesB, alpha: alpha, beta: beta, to: y)
    }
    return [.float32(y)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (a, b) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let dy = try pass.takeGradient()
    var gradients = [Tensor?](repeating: nil, count: pass.inputs.count)
    if pass.wanted.contains(0) {
      // ∂op(A) = α·∂Y·op(B)ᵀ; where A was transposed, so is its gradient.
      gradients[0] =
        transposesA
        ? MatrixProduct.of(b, transposed: transposesB, dy, transposed: true, alpha: alpha)
        : MatrixProduct.of(dy, transposed: false, b, transposed: !transposesB, alpha: alpha)
    }
    if pass.wanted.contains(1) {
      // ∂op(B) = α·op(A)ᵀ·∂Y, likewise.
      gradients[1] =
        transposesB
        ? MatrixProduct.of(dy, transposed: true, a, transposed: transposesA, alpha: alpha)
        : MatrixProduct.of(a, transposed: !transposesA, dy, transposed: false, alpha: alpha)
    }
    if pass.wanted.contains(2), let c = try pass.inputs.optionalTensor(2) {
      var dc = try Reduction.sum(dy, to: c.shape, in: "Gemm")
      if beta != 1 { dc = dc.map { $0 * beta } }
      gradients[2] = dc
    }
    return gradients
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let a = inputs.optional(0)?.shape, a.rank == 2 else { return 0 }
    return outputs[0].shape.count.saturatingMultiplied(by: transposesA ? a[0] : a[1])
  }
}

extension Gemm: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] {
    [(1, transposesB ? 0 : 1), (2, nil)]
  }
}

extension Gemm: ReluFusing {
  static let stages: Set<EpilogueStage> = [.residual, .activation]

  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    if let y = try product(inputs, context, epilogue) { return [.float32(y)] }
    return try epilogue.following(general(inputs, shape))
  }
}

extension Gemm: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    let shape = try outputs(for: inputs.described)[0].shape
    let (i, j) = offset.quotientAndRemainder(dividingBy: max(1, shape[1]))
    let bias = try inputs.optionalTensor(2).map {
      Double(beta) * Double($0[$0.shape.offset(broadcastTo: shape, at: offset)])
    }
    return .products(
      ProductSum(
        node, a, b, row: transposesA ? (i, shape[0]) : (i * a.shape[1], 1),
        column: transposesB ? (j * b.shape[1], 1) : (j, shape[1]),
        count: transposesA ? a.shape[0] : a.shape[1], factor: Double(alpha), bias: bias))
  }
}
