public import TensorCore

/// Two activations combined element by element, as where a network's branches meet.
extension ArithmeticOperator {
  public func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource {
    let (a, b) = try elements(at: offset, in: inputs)
    let operands = zip(node.inputs, [a, b]).map {
      CellSource.Operand(name: $0, value: Double($1))
    }
    return .operands(operands, Double(Self.apply(a, b)))
  }
}
