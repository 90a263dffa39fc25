import Masks
public import TensorCore

/// An operator whose elements are those of input 0 in another order, or several times; any element type.
public protocol ViewingOperator: Operator {
  /// How it goes through input 0, and the shape that what it reads is given.
  /// - Throws: `TensorError` where the inputs do not go together.
  func view(for inputs: Inputs<ValueInfo>) throws(TensorError) -> (view: StridedView, shape: Shape)
}

extension ViewingOperator {
  public static var role: OperatorRole { .reshape }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try view(for: inputs).shape, type: try inputs.required(0).type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (view, shape) = try view(for: inputs.described)
    return [try inputs.required(0).gathered(view).reshaped(to: shape)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let (view, _) = try view(for: pass.inputs.described)
    var gradient = Tensor(try pass.inputs.tensor(0).shape, repeating: 0)
    gradient.add(try pass.takeGradient().reshaped(to: view.shape), through: view)
    return pass.only(gradient)
  }
}
