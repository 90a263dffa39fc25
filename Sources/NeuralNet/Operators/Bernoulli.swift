import Masks
public import TensorCore

/// 1 with the probability that each number of x is, else 0, in the type `dtype` or x's own; drawn from the
/// run's stream at the node's own site.
public struct Bernoulli: AxisKeepingOperator, RandomOperator {
  public static let opType = "Bernoulli"
  public static let schema = OperatorSchema(
    since: 15,
    attributes: [
      .int("dtype", since: 15),
      .float("seed", since: 15),
    ],
    inputs: [.init([15: .floats, 22: [.floats, .bfloat16]])])
  public static let typedOutputs = 0
  private let type: ElementType?

  public init(_ node: NodeReader) throws(TensorError) { type = try node.elementType("dtype") }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0), type: type ?? inputs.type(0) ?? .float32)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let made = try outputs(for: inputs.described)[0]
    let x = try inputs.tensor(0)
    let isOn = (0..<x.count).map { context.stream.uniform(at: $0) < x[$0] }
    let ones: Value =
      switch made.type.computed {
      case .float32: .float32(Tensor(x.shape, isOn.map { $0 ? 1 : 0 }))
      case .int64: .int64(NDArray(x.shape, isOn.map { $0 ? 1 : 0 }))
      default: .bool(NDArray(x.shape, isOn))
      }
    return [try Value(ones, as: made.type)]
  }

  /// Steps have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
