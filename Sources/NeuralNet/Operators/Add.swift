public import TensorCore

/// y = a + b, broadcast.
public struct Add: ArithmeticOperator {
  public static let opType = "Add"
  public static let schema = OperatorSchema.arithmetic
  public static let role = OperatorRole.merge
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Float, _ b: Float) -> Float { a + b }
  public static func apply(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let g = try pass.takeGradient()
    return try summed(a: pass.wants(0) ? g : nil, b: pass.wants(1) ? g : nil, of: pass)
  }
}

/// A bias.
extension Add: TrainableOperator {
  public var parameterInputs: [(input: Int, unitAxis: Int?)] { [(0, nil), (1, nil)] }
}

extension Add: EpilogueFusing {
  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value] {
    guard case .float32(let a)? = inputs.optional(0), case .float32(let b)? = inputs.optional(1),
      a.shape == b.shape, epilogue.residual == nil
    else { return try epilogue.following(forward(inputs, context)) }
    var all = epilogue
    all.residual = b
    return [.float32(all(a))]
  }

  static let stages: Set<EpilogueStage> = [.activation]
}
