public import TensorCore

/// An operator whose inputs broadcast to its output, as NumPy's do.
public protocol BroadcastingOperator: Operator {
  /// The shapes under which NumPy's rule lays the inputs along the output; nil for one that is no
  /// operand.
  func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?]
}

extension BroadcastingOperator {
  /// All inputs as they are.
  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] {
    (0..<inputs.count).map { inputs.optional($0)?.shape }
  }

  /// An axis is the same as those of the inputs that lie along it.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let operands = operands(inputs)
    // What is laid out further to the left has sizes of 1 behind its own.
    func isOwn(_ place: AxisRule.Place) -> Bool {
      place.axis < inputs.optional(place.input)?.shape.rank ?? 0
    }
    return AxisRule(
      outputs: outputs.map { output in
        AxisRule.broadcast(operands, to: output.shape).map { origin in
          guard case .axes(let places) = origin else { return origin }
          let own = places.filter(isOwn)
          return own.isEmpty ? .unknown : .axes(own)
        }
      })
  }
}
