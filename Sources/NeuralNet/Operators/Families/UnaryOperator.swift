import Masks
public import TensorCore

/// An operator that makes each element from the one at the same place: float32 in, float32 out, the
/// shape unchanged.
public protocol UnaryOperator: ElementwiseOperator, AxisKeepingOperator {
  /// What becomes of one element, where a single one is asked for.
  static func apply(_ x: Float) -> Float
  /// The same as a kernel; nil where there is none.
  static var function: ElementFunction? { get }
  /// The gradient by x of an element from the gradient g by y = `apply(x)`.
  static func gradient(_ g: Float, x: Float, y: Float) -> Float
}

extension UnaryOperator {
  public static var function: ElementFunction? { nil }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    if let function = Self.function { return [.float32(function(try inputs.tensor(0)))] }
    let y = try inputs.tensor(0).mapChunks { x, y in
      for i in x.indices { y[i] = Self.apply(x[i]) }
    }
    return [.float32(y)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    var g = try pass.takeGradient()
    g.changeChunks(reading: try pass.inputs.tensor(0), try pass.output(0)) { g, x, y in
      for i in g.indices { g[i] = Self.gradient(g[i], x: x[i], y: y[i]) }
    }
    return pass.only(g)
  }
}

extension OperatorSchema {
  /// That of the functions of one number that the first operator set has.
  static let unary = OperatorSchema(
    attributes: [.ints("consumed_inputs", until: 5)],
    inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
}

extension UnaryOperator {
  /// The function itself, in single precision.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (Double(Self.apply(Float(x))), nil)
  }
}
