public import TensorCore

/// y = max(x, 0), of floats or whole numbers. NaN stays NaN.
public struct Relu: UnaryOperator {
  public static let opType = "Relu"
  public static let schema = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: [
      .init([
        1: .floats, 13: [.floats, .bfloat16],
        14: [.floats, .bfloat16, .signedIntegers],
      ])
    ])
  public static let role = OperatorRole.activation
  public init(_ node: NodeReader) {}

  public static let function: ElementFunction? = .relu

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError("Relu", expected: "floats or whole numbers", found: "\(x.type)")
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    guard case .int64(let x) = try inputs.required(0) else {
      return [.float32(ElementFunction.relu(try inputs.tensor(0)))]
    }
    // Numbers without a sign are never below 0.
    let least = context.integers.leastInteger < 0 ? 0 : Int64.min
    return [
      .int64(x.mapChunks { x, y in for i in x.indices { y[i] = Swift.max(x[i], least) } })
    ]
  }

  public static func apply(_ x: Float) -> Float { x < 0 ? 0 : x }

  /// 0 at the kink, as frameworks have it.
  public static func gradient(_ g: Float, x: Float, y: Float) -> Float { y <= 0 ? 0 : g }
}

extension Relu: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { .relu }
}
