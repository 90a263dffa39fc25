public import TensorCore

/// y = a·b, broadcast.
public struct Mul: ArithmeticOperator {
  public static let opType = "Mul"
  public static let schema = OperatorSchema.arithmetic
  public static let role = OperatorRole.merge
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Float, _ b: Float) -> Float { a * b }
  public static func apply(_ a: Int64, _ b: Int64) -> Int64 { a &* b }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    if case .float32(let a)? = inputs.optional(0), case .float32(let b)? = inputs.optional(1),
      case let shape = try broadcasting.broadcast(a.shape, b.shape, in: "Mul").shape,
      let y = shape == a.shape ? a.scaled(byMap: b) : shape == b.shape ? b.scaled(byMap: a) : nil
    {
      return [.float32(y)]
    }
    return try combined(inputs)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let g = try pass.takeGradient()
    let b = pass.wants(1) ? try combined(g, withOperand: 0, of: pass) { $0 * $1 } : nil
    let a = pass.wants(0) ? try combined(g, withOperand: 1, of: pass) { $0 * $1 } : nil
    return try summed(a: a, b: b, of: pass)
  }
}
