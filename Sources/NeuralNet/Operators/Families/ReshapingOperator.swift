import Masks
public import TensorCore

/// An operator that leaves the elements of input 0 where they are and gives them another shape; any
/// element type.
public protocol ReshapingOperator: ElementwiseOperator {
  /// The new shape, which has as many elements as input 0.
  /// - Throws: `TensorError` where the inputs do not go together.
  func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape
}

extension ReshapingOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    return [ValueInfo(try shape(for: inputs), type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [try inputs.required(0).reshaped(to: try shape(for: inputs.described))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    return pass.only(try pass.takeGradient().reshaped(to: try pass.inputs.tensor(0).shape))
  }
}

extension Inputs where Item == ValueInfo {
  /// Numbers that were an attribute in older operator sets and are an input in newer ones, as axes
  /// are; nil where neither is there.
  func integers(attribute: [Int]?, input index: Int) throws(TensorError) -> [Int]? {
    if let attribute { return attribute }
    return optional(index) == nil ? nil : try integers(index)
  }
}

extension ReshapingOperator {
  /// Elements stay where they are.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (x, nil)
  }
}
