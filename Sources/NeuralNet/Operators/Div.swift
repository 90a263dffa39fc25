import Masks
public import TensorCore

/// y = a/b, broadcast. Whole numbers are divided towards zero, and never by zero; the one quotient that
/// does not fit, that of the least number by −1, wraps around.
public struct Div: ArithmeticOperator {
  public static let opType = "Div"
  public static let schema = OperatorSchema.arithmetic
  public static let role = OperatorRole.merge
  public let broadcasting: BroadcastRule

  public init(_ node: NodeReader) throws(TensorError) { broadcasting = try BroadcastRule(node) }

  public static func apply(_ a: Float, _ b: Float) -> Float { a / b }
  public static func apply(_ a: Int64, _ b: Int64) -> Int64 {
    a.dividedReportingOverflow(by: b).partialValue
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    if case .int64(let divisors)? = inputs.optional(1), divisors.elements.contains(0) {
      throw TensorError("Div", expected: "whole numbers other than 0 to divide by", found: "0")
    }
    guard context.integers == .uint64, case .int64(let a)? = inputs.optional(0) else {
      return try combined(inputs)
    }
    let b = try inputs.integers(1)
    let broadcast = try broadcasting.broadcast(a.shape, b.shape, in: "Div")
    return [
      .int64(
        broadcast.map(a, b) {
          Int64(bitPattern: UInt64(bitPattern: $0) / UInt64(bitPattern: $1))
        })
    ]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    let a = try combined(try pass.takeGradient(), withOperand: 1, of: pass) { $0 / $1 }
    guard pass.wants(1) else { return try summed(a: a, b: nil, of: pass) }
    // −g·a/b², with what forward made of a/b.
    var b = a
    b.changeChunks(reading: try pass.output(0)) { b, y in
      for i in b.indices { b[i] = -b[i] * y[i] }
    }
    return try summed(a: pass.wants(0) ? a : nil, b: b, of: pass)
  }
}
