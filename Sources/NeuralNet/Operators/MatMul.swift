public import Masks
public import TensorCore

/// y = A·B under NumPy's rules for matmul: stacks of matrices that broadcast, vectors on either side.
public struct MatMul: Operator {
  public static let opType = "MatMul"
  public static let schema = OperatorSchema(
    inputs: .init(
      repeating: .init([
        1: .floats, 9: [.floats, .wideIntegers], 13: [.floats, .wideIntegers, .bfloat16],
      ]), count: 2))
  public static let role = OperatorRole.dense
  public var parameters: [Target: Int] { [.weights: 1] }
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    return [ValueInfo(try StackedProduct(a, b, in: "MatMul").shape)]
  }

  /// Constant weights make features of the last axis, or of the last but one where they stand first.
  /// Of two activations the rows are those of A and the columns those of B, as in attention. Stacks
  /// broadcast.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    MatMul.axes(of: inputs, outputs: outputs)
  }

  /// The same for whoever makes such a product of inputs 0 and 1.
  static func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let a = inputs.optional(0), let b = inputs.optional(1), let y = outputs.first?.shape
    else {
      return .unknown(outputs)
    }
    let (ranks, isDense) = ((a.shape.rank, b.shape.rank), b.constant != nil)
    let isTurned = a.constant != nil && !isDense
    var expects: [Int: [Axis.Name?]] = [:]
    if isDense, ranks.0 > 0 {
      expects[0] = (0..<ranks.0).map {
        $0 == ranks.0 - 1 ? .feature : ranks.0 == 2 ? .sample : nil
      }
    }
    let (rows, columns) = (ranks.0 > 1, ranks.1 > 1)
    let stack = Shape(y.dims.dropLast((rows ? 1 : 0) + (columns ? 1 : 0)))
    var origins = AxisRule.broadcast(
      [a.shape, b.shape].map { Shape($0.dims.dropLast(2)) }, to: stack)
    if rows { origins.append(isTurned ? .named(.feature) : .axes([.init(0, ranks.0 - 2)])) }
    if columns { origins.append(isDense ? .named(.feature) : .axes([.init(1, ranks.1 - 1)])) }
    return AxisRule(expects: expects, outputs: [origins])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try forward(inputs, context, Epilogue())
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let (a, b) = (try pass.inputs.tensor(0), try pass.inputs.tensor(1))
    let product = try StackedProduct(a.shape, b.shape, in: "MatMul")
    let dy = try pass.takeGradient()
    return [
      pass.wanted.contains(0) ? product.leftGradient(dy, b: b, a: a.shape) : nil,
      pass.wanted.contains(1) ? product.rightGradient(dy, a: a, b: b.shape) : nil,
    ]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: inputs.optional(0)?.shape.dims.last ?? 0)
  }
}

extension MatMul: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(1, -1)] }
}

extension MatMul: EpilogueFusing {
  static let stages: Set<EpilogueStage> = [.columnBias, .residual, .activation]

  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value] {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    let product = try StackedProduct(a.shape, b.shape, in: "MatMul")
    return [.float32(product.forward(a, b, epilogue: epilogue, kept: context.kept))]
  }
}

extension MatMul: CellMaker {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let (a, b) = (try inputs.tensor(0), try inputs.tensor(1))
    let product = try StackedProduct(a.shape, b.shape, in: "MatMul")
    let (m, n, k) = (product.m, product.n, product.k)
    let stackA = Shape(Array(a.shape.dims.dropLast(2)))
    let stackB = Shape(Array(b.shape.dims.dropLast(2)))
    let stack = try Broadcast(stackA, stackB, in: "MatMul").shape
    let (pair, cell) = offset.quotientAndRemainder(dividingBy: max(1, m * n))
    let row = stackA.offset(broadcastTo: stack, at: pair) * m * k + cell / n * k
    let column = stackB.offset(broadcastTo: stack, at: pair) * k * n + cell % n
    return .products(ProductSum(node, a, b, row: (row, 1), column: (column, n), count: k))
  }
}
