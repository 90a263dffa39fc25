/// An operator whose outputs have the axes of input 0, each at its place, whatever their sizes.
public protocol AxisKeepingOperator: Operator {}

extension AxisKeepingOperator {
  /// All axes stay what they are.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }
}

/// An operator whose outputs have axes that have nothing to do with those of the inputs.
public protocol AxisFreeOperator: Operator {}

extension AxisFreeOperator {
  /// Nothing can be said of them.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .unknown(outputs)
  }
}
