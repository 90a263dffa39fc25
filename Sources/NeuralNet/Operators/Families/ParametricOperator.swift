import Masks
public import TensorCore

/// A `UnaryOperator` whose function has constants of the node's own: a slope, a bound.
public protocol ParametricOperator: ElementwiseOperator, AxisKeepingOperator {
  /// What becomes of one element, where a single one is asked for.
  func apply(_ x: Float) -> Float
  /// The same as a kernel; nil where there is none.
  var function: ElementFunction? { get }
  /// The gradient by x of an element from the gradient g by y = `apply(x)`.
  func gradient(_ g: Float, x: Float, y: Float) -> Float
}

extension ParametricOperator {
  public static var role: OperatorRole { .activation }

  public var function: ElementFunction? { nil }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try inputs.tensor(0))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.tensor(0)
    if let function { return [.float32(function(x))] }
    return [.float32(x.mapChunks { x, y in for i in x.indices { y[i] = apply(x[i]) } })]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    var g = try pass.takeGradient()
    g.changeChunks(reading: try pass.inputs.tensor(0), try pass.output(0)) { g, x, y in
      for i in g.indices { g[i] = gradient(g[i], x: x[i], y: y[i]) }
    }
    return pass.only(g)
  }

  /// The function itself, in single precision.
  public func element(
    _ x: Double, of index: Int, at offset: Int, in inputs: Inputs<Value>
  ) throws(TensorError) -> (value: Double, operand: Double?) {
    (Double(apply(Float(x))), nil)
  }
}
