import Masks
public import TensorCore

/// An operator on the bits of two whole numbers of one type, broadcast.
public protocol BitwiseOperator: BroadcastingOperator {
  /// What becomes of two whole numbers.
  func apply(_ a: Int64, _ b: Int64) -> Int64
}

extension BitwiseOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (a, b) = (try inputs.whole(0), try inputs.whole(1))
    return [ValueInfo(try Broadcast(a, b, in: Self.opType).shape, type: .int64)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (a, b) = (try inputs.integers(0), try inputs.integers(1))
    let broadcast = try Broadcast(a.shape, b.shape, in: Self.opType)
    return [.int64(broadcast.map(a, b) { apply($0, $1) })]
  }

  /// Bits have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
