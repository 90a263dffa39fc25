import Masks
public import TensorCore

/// An operator that makes each element from the one at the same place: float32 in, float32 out, the
/// shape unchanged.
public protocol UnaryOperator: ElementwiseOperator {
  /// What becomes of one element.
  static func apply(_ x: Float) -> Float
}

extension UnaryOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let y = try inputs.tensor(0).mapChunks { x, y in
      for i in x.indices { y[i] = Self.apply(x[i]) }
    }
    return [.float32(y)]
  }
}
