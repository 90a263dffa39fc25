import Masks
public import TensorCore

/// An operator that asks something of each element: float32 → bool.
public protocol QuestionOperator: AxisKeepingOperator {
  /// Whether it holds of a number.
  func holds(_ x: Float) -> Bool
}

extension QuestionOperator {
  public static var typedOutputs: Int { 0 }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0), type: .bool)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let y: NDArray<Bool> = try inputs.tensor(0).mapChunks { x, y in
      for i in x.indices { y[i] = holds(x[i]) }
    }
    return [.bool(y)]
  }

  /// Truths have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
