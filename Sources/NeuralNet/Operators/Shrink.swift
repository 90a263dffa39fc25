import Masks
public import TensorCore

/// y = x + bias where x < −lambd, x − bias where x > lambd, else 0; float32 or int64.
public struct Shrink: AxisKeepingOperator {
  public static let opType = "Shrink"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .float("bias", since: 9),
      .float("lambd", since: 9),
    ],
    inputs: [.init([.floats, .integers])])
  public static let role = OperatorRole.activation
  private let (bias, bound): (Float, Float)

  public init(_ node: NodeReader) throws(TensorError) {
    bias = try node.float("bias", default: 0)
    bound = try node.float("lambd", default: 0.5)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard x.type == .float32 || x.type == .int64 else {
      throw TensorError("Shrink", expected: "numbers", found: "\(x.type)")
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    switch try inputs.required(0) {
    case .float32(let x): return [.float32(x.map { shrunk($0) })]
    case .int64(let x):
      return [.int64(x.map { Int64(exactly: shrunk(Float($0)).rounded(.towardZero)) ?? $0 })]
    case let other: throw TensorError("Shrink", expected: "numbers", found: "\(other.type)")
    }
  }

  private func shrunk(_ x: Float) -> Float {
    x < -bound ? x + bias : x > bound ? x - bias : x.isNaN ? x : 0
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    var g = try pass.takeGradient()
    g.changeChunks(reading: try pass.inputs.tensor(0)) { g, x in
      for i in g.indices where x[i] >= -bound && x[i] <= bound { g[i] = 0 }
    }
    return pass.only(g)
  }
}
