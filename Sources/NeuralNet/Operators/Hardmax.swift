import Masks
public import TensorCore

/// 1 where the first largest number along an axis stands, 0 elsewhere; the axis as that of Softmax.
public struct Hardmax: AxisKeepingOperator {
  public static let opType = "Hardmax"
  public static let schema = OperatorSchema(
    attributes: [
      .int("axis")
    ],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
  public static let role = OperatorRole.probability
  private let rule: SoftmaxRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try SoftmaxRule(node) }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    try rule.outputs(for: inputs)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    try rule.forward(inputs) { x, axis in
      let (size, inner) = (x.shape[axis], x.shape.dims[(axis + 1)...].reduce(1, *))
      var y = Tensor(x.shape, repeating: 0)
      for row in 0..<(size == 0 ? 0 : x.count / size) {
        let start = row / inner * size * inner + row % inner
        var best = start
        for at in stride(from: start, to: start + size * inner, by: inner) where x[at] > x[best] {
          best = at
        }
        y[best] = 1
      }
      return y
    }
  }

  /// Steps have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
